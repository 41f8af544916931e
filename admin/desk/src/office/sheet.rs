//! Reading a file of customers: the whole of it is checked before anything is sent.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    sync::Arc,
};

use gridkey_domain::{
    CustomerNo, MeterId, Quantity,
    account::{Basic, Meter},
};
use gridkey_protocol::ops::admin::customers::CreateBody;

use super::{Import, ImportFault, ImportRow, ImportState, RowResult, import::COLUMNS};

/// The longest text of a customer, bytes.
const LONGEST: usize = 200;
/// Of a wrong value so many characters are shown.
const SHOWN: usize = 40;
/// What a customer may be.
const KINDS: [&str; 3] = ["industrial", "commercial", "agricultural"];
/// The columns that say the same in each row of a customer.
const OWN: [&str; 6] = ["name", "name_zh", "type", "grade", "contact", "address"];
/// The columns of a meter beside its number.
const OF_METER: [&str; 3] = ["basic", "capacity_kva", "voltage_kv"];

/// Reads and checks a file.
pub(super) fn read(file: String, content: &[u8]) -> Import {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut sheet = Sheet::default();
    let faults = sheet.take_all(content);
    sheet.check_customers();
    let mut import = Import { file, state: ImportState::Faulty, rows: sheet.rows, faults };
    if import.rows.is_empty() && import.faults.is_empty() {
        import.faults.push(ImportFault::Empty);
    }
    if import.faults.is_empty() && import.rows.iter().all(|row| row.faults.is_empty()) {
        import.state = ImportState::Ready;
    }
    import
}

/// What has been read of the file.
#[derive(Default)]
struct Sheet {
    rows: Vec<ImportRow>,
    /// The row of each customer, the values of its first line, and its meters.
    known: HashMap<String, usize>,
    first: Vec<HashMap<&'static str, String>>,
    meters: Vec<Vec<Meter>>,
    /// The line of each meter.
    seen: HashMap<String, u64>,
}

impl Sheet {
    fn take_all(&mut self, content: &[u8]) -> Vec<ImportFault> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(content);
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(_) => return vec![ImportFault::Unreadable { line: 1 }],
        };
        let there: HashSet<&str> = headers.iter().collect();
        let missing = COLUMNS.iter().filter(|column| !there.contains(**column));
        let missing: Vec<ImportFault> = missing.map(|column| ImportFault::Missing((*column).to_owned())).collect();
        if !missing.is_empty() {
            return missing;
        }
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    return vec![ImportFault::Unreadable { line }];
                }
            };
            let line = record.position().map_or(1, csv::Position::line);
            let field = |column: &'static str| {
                let at = headers.iter().position(|header| header == column);
                (column, at.and_then(|at| record.get(at)).unwrap_or_default().to_owned())
            };
            self.take(line, &COLUMNS.into_iter().map(field).collect());
        }
        Vec::new()
    }

    fn take(&mut self, line: u64, fields: &HashMap<&'static str, String>) {
        let get = |column: &str| fields.get(column).map(String::as_str).unwrap_or_default();
        let number = get("customer");
        let at = match self.known.get(number).filter(|_| !number.is_empty()) {
            Some(at) => {
                let at = *at;
                self.compare(at, fields);
                at
            }
            None => self.begin(line, fields),
        };
        match meter(fields) {
            Ok(None) => {}
            Ok(Some(meter)) => match self.seen.insert(meter.meter.to_string(), line) {
                Some(first) => {
                    let fault = ImportFault::MeterTwice { meter: meter.meter.to_string(), line: first };
                    self.fault(at, fault);
                }
                None => {
                    if let (Some(row), Some(meters)) = (self.rows.get_mut(at), self.meters.get_mut(at)) {
                        row.meters += 1;
                        meters.push(meter);
                    }
                }
            },
            Err(faults) => faults.into_iter().for_each(|fault| self.fault(at, fault)),
        }
    }

    fn begin(&mut self, line: u64, fields: &HashMap<&'static str, String>) -> usize {
        let get = |column: &str| fields.get(column).cloned().unwrap_or_default();
        self.rows.push(ImportRow {
            line,
            customer: get("customer"),
            name: get("name"),
            meters: 0,
            faults: own_faults(fields),
            result: RowResult::Waiting,
            body: None,
        });
        self.first.push(fields.clone());
        self.meters.push(Vec::new());
        let at = self.rows.len() - 1;
        self.known.insert(get("customer"), at);
        at
    }

    /// A further row of a customer says of it what the first says.
    fn compare(&mut self, at: usize, fields: &HashMap<&'static str, String>) {
        let (Some(first), Some(line)) = (self.first.get(at), self.rows.get(at).map(|row| row.line)) else { return };
        let differs = OWN.into_iter().filter(|column| first.get(column) != fields.get(column));
        let faults: Vec<ImportFault> =
            differs.map(|column| ImportFault::Differs { column: column.to_owned(), line }).collect();
        faults.into_iter().for_each(|fault| self.fault(at, fault));
    }

    fn fault(&mut self, at: usize, fault: ImportFault) {
        if let Some(row) = self.rows.get_mut(at).filter(|row| !row.faults.contains(&fault)) {
            row.faults.push(fault);
        }
    }

    /// What is sent of each customer that is well.
    fn check_customers(&mut self) {
        for ((row, first), meters) in self.rows.iter_mut().zip(&self.first).zip(&self.meters) {
            let get = |column: &str| first.get(column).cloned().unwrap_or_default();
            if let (true, Ok(customer)) = (row.faults.is_empty(), row.customer.parse::<CustomerNo>()) {
                row.body = Some(Arc::new(CreateBody {
                    customer,
                    name: get("name"),
                    name_zh: get("name_zh"),
                    kind: get("type"),
                    grade: get("grade"),
                    contact: get("contact"),
                    address: get("address"),
                    meters: meters.clone(),
                }));
            }
        }
    }
}

fn own_faults(fields: &HashMap<&'static str, String>) -> Vec<ImportFault> {
    let get = |column: &str| fields.get(column).map(String::as_str).unwrap_or_default();
    let mut faults = Vec::new();
    let number = get("customer");
    if number.is_empty() {
        faults.push(ImportFault::Missing("customer".to_owned()));
    } else if number.parse::<CustomerNo>().is_err() {
        faults.push(invalid("customer", number));
    }
    for column in OWN {
        let value = get(column);
        let known = column != "type" || KINDS.contains(&value);
        if value.is_empty() {
            faults.push(ImportFault::Missing(column.to_owned()));
        } else if value.len() > LONGEST || value.chars().any(char::is_control) || !known {
            faults.push(invalid(column, value));
        }
    }
    faults
}

/// The meter of a row; none if its column is empty.
fn meter(fields: &HashMap<&'static str, String>) -> Result<Option<Meter>, Vec<ImportFault>> {
    fn parse<T: FromStr>(column: &str, value: &str, faults: &mut Vec<ImportFault>) -> Option<T> {
        let parsed = value.parse().ok();
        if value.is_empty() {
            faults.push(ImportFault::Missing(column.to_owned()));
        } else if parsed.is_none() {
            faults.push(invalid(column, value));
        }
        parsed.filter(|_| !value.is_empty())
    }
    let get = |column: &str| fields.get(column).map(String::as_str).unwrap_or_default();
    let number = get("meter");
    let mut faults = Vec::new();
    if number.is_empty() {
        let rest = OF_METER.into_iter().any(|column| !get(column).is_empty());
        return if rest { Err(vec![ImportFault::Missing("meter".to_owned())]) } else { Ok(None) };
    }
    let id = parse::<MeterId>("meter", number, &mut faults);
    let basic = match get("basic") {
        "capacity" => Some(Basic::Capacity),
        "demand" => Some(Basic::Demand),
        "" => {
            faults.push(ImportFault::Missing("basic".to_owned()));
            None
        }
        other => {
            faults.push(invalid("basic", other));
            None
        }
    };
    let mut size = |column| {
        let value = get(column);
        let size = parse::<Quantity>(column, value, &mut faults);
        if size.is_some() && value.starts_with('-') {
            faults.push(invalid(column, value));
        }
        size
    };
    let (capacity_kva, voltage_kv) = (size("capacity_kva"), size("voltage_kv"));
    match (id, basic, capacity_kva, voltage_kv) {
        (Some(meter), Some(basic), Some(capacity_kva), Some(voltage_kv)) if faults.is_empty() => {
            Ok(Some(Meter { meter, basic, capacity_kva, voltage_kv }))
        }
        _ => Err(faults),
    }
}

fn invalid(column: &str, value: &str) -> ImportFault {
    ImportFault::Invalid { column: column.to_owned(), value: value.chars().take(SHOWN).collect() }
}

#[cfg(test)]
mod tests;
