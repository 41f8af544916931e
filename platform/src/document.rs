//! A bill as a file, in each form that is offered. CSV (RFC 4180) for now: one row per item, so that a spreadsheet adds up
//! the last column.

use gridkey_domain::bill::{Bill, LineKind};

/// A form in which a bill can be had.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its name on the wire, and the ending of the file's name.
    pub format: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Writes a bill in it.
    pub write: fn(&Bill) -> Result<Vec<u8>, csv::Error>,
}

/// Every form that is offered: what a bill says can be had, and what is made when asked for.
pub const FORMS: &[Form] = &[Form { format: "csv", media_type: "text/csv; charset=utf-8", write: csv }];

/// The form of that name, if it is offered.
pub fn form(format: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.format == format)
}

/// The names of the forms that are offered.
pub fn offered() -> Vec<String> {
    FORMS.iter().map(|form| form.format.to_owned()).collect()
}

/// The bill as CSV in UTF-8: what was metered, the lines, and the total.
///
/// # Errors
/// Never in practice: the text is written to memory.
pub fn csv(bill: &Bill) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record([
        "bill",
        "customer",
        "meter",
        "month",
        "issued",
        "due",
        "item",
        "quantity",
        "unit",
        "price_yuan",
        "amount_yuan",
    ])?;
    let month = bill.month.to_string();
    let (issued, due) = (bill.issued.to_string(), bill.due.to_string());
    let mut row = |item: &str, quantity: &str, unit: &str, price: &str, amount: &str| {
        let of = [bill.bill.as_str(), bill.customer.as_str(), bill.meter.as_str(), &month, &issued, &due];
        writer.write_record(of.into_iter().chain([item, quantity, unit, price, amount]))
    };
    row("active-energy", &bill.kwh.total.to_string(), "kWh", "", "")?;
    row("reactive-energy", &bill.kvarh.to_string(), "kvarh", "", "")?;
    row("highest-demand", &bill.max_kw.to_string(), "kW", "", "")?;
    row("power-factor-measured", &bill.pf.to_string(), "", "", "")?;
    for line in &bill.lines {
        let (item, unit) = named(line.kind);
        row(item, &line.quantity.to_string(), unit, &line.price.to_string(), &yuan(line.amount))?;
    }
    row("total", "", "", "", &yuan(i64::try_from(bill.total.get()).unwrap_or(i64::MAX)))?;
    writer.into_inner().map_err(|error| error.into_error().into())
}

const fn named(kind: LineKind) -> (&'static str, &'static str) {
    match kind {
        LineKind::Sharp => ("sharp", "kWh"),
        LineKind::Peak => ("peak", "kWh"),
        LineKind::Flat => ("flat", "kWh"),
        LineKind::Valley => ("valley", "kWh"),
        LineKind::Capacity => ("capacity", "kVA"),
        LineKind::Demand => ("demand", "kW"),
        LineKind::PowerFactor => ("power-factor", "yuan"),
        LineKind::Surcharge => ("surcharge", "kWh"),
        LineKind::Late => ("late", "yuan"),
    }
}

/// Fen as yuan without grouping, so that a program reads it.
fn yuan(fen: i64) -> String {
    gridkey_domain::Quantity::from_units(fen).to_string()
}

#[cfg(test)]
mod tests {
    use gridkey_domain::bill::{BillLine, BillState};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_bill_is_a_table_with_its_total_last() {
        let line = |kind, quantity: &str, price: &str, amount| BillLine {
            kind,
            quantity: quantity.parse().unwrap(),
            price: price.parse().unwrap(),
            amount,
        };
        let bill = Bill {
            bill: "B-2016-01-M1".parse().unwrap(),
            customer: "1100000001".parse().unwrap(),
            meter: "M1".parse().unwrap(),
            month: "2016-01".parse().unwrap(),
            issued: date(2016, 2, 1),
            due: date(2016, 2, 16),
            kwh: gridkey_domain::usage::Registers { total: "1000".parse().unwrap(), ..Default::default() },
            kvarh: "10".parse().unwrap(),
            max_kw: "5".parse().unwrap(),
            pf: "1".parse().unwrap(),
            lines: vec![
                line(LineKind::Valley, "1000", "0.32", 32_000),
                line(LineKind::PowerFactor, "320", "-0.0075", -240),
            ],
            total: gridkey_domain::Fen::new(31_760).unwrap(),
            open: gridkey_domain::Fen::ZERO,
            state: BillState::Paid,
            documents: Vec::new(),
        };
        let text = String::from_utf8(csv(&bill).unwrap()).unwrap();
        let rows: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(rows.len(), 8);
        assert_eq!(
            rows[6],
            "B-2016-01-M1,1100000001,M1,2016-01,2016-02-01,2016-02-16,power-factor,320.00,yuan,-0.0075,-2.40"
        );
        assert!(rows[7].ends_with(",total,,,,317.60"));
    }
}
