//! A new customer as it is typed, and what is wrong with it.

use gridkey_domain::{
    CustomerNo, MeterId, Quantity,
    account::{Basic, Meter},
};
use gridkey_protocol::ops::admin::customers::CreateBody;

use super::reason::LONGEST;

/// What a customer can be.
pub const KINDS: [&str; 3] = ["industrial", "commercial", "agricultural"];
/// The grades.
pub const GRADES: [&str; 3] = ["A", "B", "C"];
/// The most meters that are typed by hand.
pub const METERS: usize = 20;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was typed.
    Empty,
    /// It has more than [`LONGEST`] bytes, or control characters.
    Text,
    /// It is no number of a customer or meter: letters, digits and dashes, at most 40.
    Number,
    /// It is no quantity above zero.
    Quantity,
    /// Another meter of the form has the same number.
    Twice,
}

impl Fault {
    /// The word in the names of messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Text => "text",
            Self::Number => "number",
            Self::Quantity => "quantity",
            Self::Twice => "twice",
        }
    }
}

/// A meter as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterDraft {
    /// Tells the rows of the form apart.
    pub row: u32,
    /// Its number.
    pub meter: String,
    /// How its basic charge is reckoned.
    pub basic: Basic,
    /// The transformer's capacity, kVA.
    pub capacity: String,
    /// The supply voltage, kV.
    pub voltage: String,
}

impl MeterDraft {
    /// An empty row.
    pub const fn new(row: u32) -> Self {
        Self { row, meter: String::new(), basic: Basic::Capacity, capacity: String::new(), voltage: String::new() }
    }

    /// What is wrong with its number.
    pub fn meter_fault(&self, all: &[Self]) -> Option<Fault> {
        let number = self.meter.trim();
        let twice = all.iter().any(|other| other.row < self.row && other.meter.trim() == number);
        match number {
            "" => Some(Fault::Empty),
            number if number.parse::<MeterId>().is_err() => Some(Fault::Number),
            _ if twice => Some(Fault::Twice),
            _ => None,
        }
    }

    /// What is wrong with the capacity.
    pub fn capacity_fault(&self) -> Option<Fault> {
        quantity(&self.capacity).err()
    }

    /// What is wrong with the voltage.
    pub fn voltage_fault(&self) -> Option<Fault> {
        quantity(&self.voltage).err()
    }

    fn read(&self, all: &[Self]) -> Option<Meter> {
        if self.meter_fault(all).is_some() {
            return None;
        }
        Some(Meter {
            meter: self.meter.trim().parse().ok()?,
            basic: self.basic,
            capacity_kva: quantity(&self.capacity).ok()?,
            voltage_kv: quantity(&self.voltage).ok()?,
        })
    }
}

/// A customer as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerDraft {
    /// The number.
    pub customer: String,
    /// The name.
    pub name: String,
    /// The name in Chinese.
    pub name_zh: String,
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// One of [`GRADES`].
    pub grade: &'static str,
    /// How it is reached.
    pub contact: String,
    /// Where it is.
    pub address: String,
    /// Its meters.
    pub meters: Vec<MeterDraft>,
}

impl Default for CustomerDraft {
    fn default() -> Self {
        Self {
            customer: String::new(),
            name: String::new(),
            name_zh: String::new(),
            kind: KINDS[0],
            grade: GRADES[0],
            contact: String::new(),
            address: String::new(),
            meters: vec![MeterDraft::new(0)],
        }
    }
}

impl CustomerDraft {
    /// What is wrong with the number.
    pub fn customer_fault(&self) -> Option<Fault> {
        match self.customer.trim() {
            "" => Some(Fault::Empty),
            number => number.parse::<CustomerNo>().err().map(|_| Fault::Number),
        }
    }

    /// One more row for a meter.
    pub fn add_meter(&mut self) {
        let row = self.meters.iter().map(|meter| meter.row + 1).max().unwrap_or(0);
        self.meters.push(MeterDraft::new(row));
    }

    /// The customer to make, if nothing is wrong.
    pub fn read(&self) -> Option<CreateBody> {
        let meters: Option<Vec<Meter>> = self.meters.iter().map(|meter| meter.read(&self.meters)).collect();
        let text = |typed: &str| text_fault(typed).is_none().then(|| typed.trim().to_owned());
        Some(CreateBody {
            customer: self.customer.trim().parse().ok()?,
            name: text(&self.name)?,
            name_zh: text(&self.name_zh)?,
            kind: self.kind.to_owned(),
            grade: self.grade.to_owned(),
            contact: text(&self.contact)?,
            address: text(&self.address)?,
            meters: meters?,
        })
    }
}

/// What is wrong with a text that must be there.
pub fn text_fault(typed: &str) -> Option<Fault> {
    match typed.trim() {
        "" => Some(Fault::Empty),
        text if text.len() > LONGEST || text.chars().any(char::is_control) => Some(Fault::Text),
        _ => None,
    }
}

fn quantity(typed: &str) -> Result<Quantity, Fault> {
    let text = typed.trim().replace(',', "");
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    text.parse().ok().filter(|value: &Quantity| value.units() > 0).ok_or(Fault::Quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> CustomerDraft {
        CustomerDraft {
            customer: " 1100000009 ".into(),
            name: "Example Foundry".into(),
            name_zh: "示例铸造厂".into(),
            contact: "021-5550-0100".into(),
            address: "1 Example Road".into(),
            meters: vec![MeterDraft {
                meter: "M1000000091".into(),
                capacity: "1,250".into(),
                voltage: "10".into(),
                ..MeterDraft::new(0)
            }],
            ..CustomerDraft::default()
        }
    }

    #[test]
    fn what_is_typed_well_is_sent_without_the_spaces_around_it() {
        let body = draft().read().unwrap();
        assert_eq!(body.customer.as_str(), "1100000009");
        assert_eq!(body.meters[0].capacity_kva, "1250".parse().unwrap());
        assert_eq!((body.kind.as_str(), body.grade.as_str()), ("industrial", "A"));
    }

    #[test]
    fn every_fault_is_named_and_nothing_is_made_with_one() {
        let with = |change: fn(&mut CustomerDraft)| {
            let mut draft = draft();
            change(&mut draft);
            assert_eq!(draft.read(), None);
            draft
        };
        assert_eq!(with(|d| d.customer = "11 00".into()).customer_fault(), Some(Fault::Number));
        assert_eq!(with(|d| d.customer.clear()).customer_fault(), Some(Fault::Empty));
        assert_eq!(text_fault(&with(|d| d.name = "x".repeat(201)).name), Some(Fault::Text));
        assert_eq!(text_fault(&with(|d| d.address = "a\u{7}".into()).address), Some(Fault::Text));
        assert_eq!(with(|d| d.meters[0].capacity = "0".into()).meters[0].capacity_fault(), Some(Fault::Quantity));
        assert_eq!(with(|d| d.meters[0].voltage = "ten".into()).meters[0].voltage_fault(), Some(Fault::Quantity));
        let twice = with(|d| {
            d.add_meter();
            d.meters[1] = MeterDraft { row: 1, ..d.meters[0].clone() };
        });
        assert_eq!(twice.meters[1].meter_fault(&twice.meters), Some(Fault::Twice));
        assert_eq!(twice.meters[0].meter_fault(&twice.meters), None, "the first one stays");
    }

    #[test]
    fn rows_of_meters_keep_their_names_when_one_goes() {
        let mut draft = draft();
        draft.add_meter();
        draft.add_meter();
        draft.meters.remove(1);
        draft.add_meter();
        assert_eq!(draft.meters.iter().map(|meter| meter.row).collect::<Vec<_>>(), [0, 2, 3]);
    }
}
