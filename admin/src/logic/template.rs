//! A file of customers: its columns, the template, and how its rows stand.

use gridkey_desk::office::{Import, ImportRow, RowResult};

/// The columns, in the template's order.
pub const COLUMNS: [&str; 11] = [
    "customer",
    "name",
    "name_zh",
    "type",
    "grade",
    "contact",
    "address",
    "meter",
    "basic",
    "capacity_kva",
    "voltage_kv",
];

/// The template: the headings, a customer with two meters, one without.
pub const TEMPLATE: &str = "customer,name,name_zh,type,grade,contact,address,meter,basic,capacity_kva,voltage_kv\r\n\
    1100009001,Example Foundry,示例铸造厂,industrial,A,021-5550-0101,\"1 Example Road, Shanghai\",M1000090011,capacity,1250,10\r\n\
    1100009001,Example Foundry,示例铸造厂,industrial,A,021-5550-0101,\"1 Example Road, Shanghai\",M1000090012,demand,800,10\r\n\
    1100009002,Example Market,示例商场,commercial,B,021-5550-0102,\"2 Example Road, Shanghai\",,,,\r\n";

/// The largest file that is read, bytes: some ten thousand customers.
pub const MOST_BYTES: u64 = 8_000_000;

/// How many customers of a file stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub all: usize,
    /// Their meters.
    pub meters: usize,
    /// With something wrong in the file.
    pub faulty: usize,
    /// Made.
    pub made: usize,
    /// There already.
    pub there: usize,
    /// Not made.
    pub failed: usize,
}

/// The tally of an import.
pub fn tally(import: &Import) -> Tally {
    import.rows.iter().fold(Tally { all: import.rows.len(), ..Tally::default() }, |tally, row| Tally {
        meters: tally.meters + row.meters,
        faulty: tally.faulty + usize::from(!row.faults.is_empty()),
        made: tally.made + usize::from(row.result == RowResult::Made),
        there: tally.there + usize::from(row.result == RowResult::There),
        failed: tally.failed + usize::from(matches!(row.result, RowResult::Failed(_))),
        ..tally
    })
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFilter {
    /// Those with something wrong, or that failed.
    Bad,
    /// All of them.
    All,
}

/// The rows to show, in the file's order.
pub fn rows(import: &Import, filter: RowFilter) -> Vec<&ImportRow> {
    let is_bad = |row: &&ImportRow| !row.faults.is_empty() || matches!(row.result, RowResult::Failed(_));
    import.rows.iter().filter(|row| filter == RowFilter::All || is_bad(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_every_column_and_as_many_fields_in_each_row() {
        let mut lines = TEMPLATE.lines();
        assert_eq!(lines.next().unwrap().split(',').collect::<Vec<_>>(), COLUMNS);
        for line in lines {
            // The address holds the only quoted comma.
            let quoted = line.matches(", ").count();
            assert_eq!(line.split(',').count() - quoted, COLUMNS.len(), "{line}");
        }
    }
}
