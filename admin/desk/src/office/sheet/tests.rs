use super::*;

const HEAD: &str = "customer,name,name_zh,type,grade,contact,address,meter,basic,capacity_kva,voltage_kv\n";

fn import(rows: &str) -> Import {
    read("customers.csv".into(), format!("{HEAD}{rows}").as_bytes())
}

#[test]
fn a_customer_with_two_meters_has_two_rows_and_is_sent_once() {
    let import = import(
        "1100000001,Dairy,乳业,industrial,A,010-1,Road 1,M1,capacity,315,10\n\
         1100000001,Dairy,乳业,industrial,A,010-1,Road 1,M2,demand,630.5,10\n\
         1100000002,\"Mill, old\",磨坊,agricultural,B,010-2,Road 2,,,,\n",
    );
    assert_eq!((import.state, import.rows.len()), (ImportState::Ready, 2), "{import:?}");
    let bodies: Vec<_> = import.rows.iter().filter_map(|row| row.body.as_ref()).collect();
    assert_eq!((bodies[0].meters.len(), bodies[1].meters.len()), (2, 0));
    assert_eq!((import.rows[1].line, bodies[1].name.as_str()), (4, "Mill, old"));
}

#[test]
fn every_fault_is_told_with_its_row_and_nothing_is_ready() {
    let import = import(
        "11 0,Dairy,乳业,industrial,A,010-1,Road 1,M1,both,315,10\n\
         1100000002,,磨坊,shop,B,010-2,Road 2,M1,demand,,-1\n\
         1100000002,Mill,磨坊,shop,B,010-2,Road 2,,demand,,\n\
         1100000003,C,丙,commercial,A,010-3,Road 3,M3,demand,10,10\n\
         1100000004,D,丁,commercial,A,010-3,Road 3,M3,demand,10,10\n",
    );
    assert_eq!(import.state, ImportState::Faulty);
    let faults: Vec<_> = import.rows.iter().map(|row| row.faults.len()).collect();
    assert_eq!(faults[0], 2, "{:?}", import.rows[0].faults);
    let second = &import.rows[1].faults;
    for fault in [
        ImportFault::Missing("name".into()),
        invalid("type", "shop"),
        ImportFault::Missing("capacity_kva".into()),
        invalid("voltage_kv", "-1"),
        ImportFault::Differs { column: "name".into(), line: 3 },
        ImportFault::Missing("meter".into()),
    ] {
        assert!(second.contains(&fault), "{fault:?} is not in {second:?}");
    }
    assert!(import.rows[2].faults.is_empty());
    assert_eq!(import.rows[3].faults, [ImportFault::MeterTwice { meter: "M3".into(), line: 5 }]);
}

#[test]
fn a_file_that_is_none_says_why() {
    let faults = |content: &[u8]| read("x".into(), content).faults;
    assert_eq!(faults(HEAD.as_bytes()), [ImportFault::Empty]);
    assert!(faults(b"customer,name\n1,2\n").contains(&ImportFault::Missing("name_zh".into())));
    let broken = [HEAD.as_bytes(), b"1100000001,\xff\xfe,a,b\n"].concat();
    assert_eq!(faults(&broken), [ImportFault::Unreadable { line: 2 }]);
    let marked = [b"\xef\xbb\xbf", HEAD.as_bytes(), b"1100000001,A,B,industrial,A,c,d,,,,\n"].concat();
    assert_eq!(read("x".into(), &marked).state, ImportState::Ready);
}
