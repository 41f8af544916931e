//! The customers of a demo: `customers.toml`.

use std::path::Path;

use gridkey_domain::{
    CustomerNo, MeterId, Quantity,
    account::{Basic, Meter},
};
use serde::{Deserialize, Deserializer};

use super::LoadError;

/// A customer as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoCustomer {
    /// The customer number.
    pub number: CustomerNo,
    /// The company's name.
    pub name: String,
    /// The company's name in Chinese.
    pub name_zh: String,
    /// `industrial`, `commercial` or `agricultural`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The credit grade.
    pub grade: String,
    /// A telephone number or mail address.
    pub contact: String,
    /// The postal address.
    pub address: String,
    /// Its meters.
    #[serde(rename = "meter")]
    pub meters: Vec<DemoMeter>,
}

/// A meter as the file describes it: a load profile scaled by its peaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoMeter {
    /// Its number.
    pub id: MeterId,
    /// The load profile it follows, such as `G3-H`.
    pub profile: String,
    /// kW at a share of 1.
    #[serde(deserialize_with = "number")]
    pub peak_kw: Quantity,
    /// kvar at a share of 1.
    #[serde(deserialize_with = "number")]
    pub peak_kvar: Quantity,
    /// The transformer's capacity, kVA.
    #[serde(deserialize_with = "number")]
    pub capacity_kva: Quantity,
    /// How the basic charge is reckoned.
    pub basic: Basic,
    /// The supply voltage, kV.
    #[serde(deserialize_with = "number")]
    pub voltage_kv: Quantity,
}

impl DemoMeter {
    /// The meter without its profile.
    pub fn meter(&self) -> Meter {
        Meter {
            meter: self.id.clone(),
            basic: self.basic,
            capacity_kva: self.capacity_kva,
            voltage_kv: self.voltage_kv,
        }
    }
}

/// Reads `customers.toml` in `folder`.
pub fn read(folder: &Path) -> Result<Vec<DemoCustomer>, LoadError> {
    let path = folder.join("customers.toml");
    let text = std::fs::read_to_string(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
    parse(&text).map_err(|error| LoadError::Malformed { path, detail: error.message().to_owned() })
}

fn parse(text: &str) -> Result<Vec<DemoCustomer>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        customer: Vec<DemoCustomer>,
    }
    toml::from_str::<File>(text).map(|file| file.customer)
}

/// A number that is not negative: whole, or as text with at most two decimals, so that no float is read.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a whole number, or text with at most two decimals")]
    enum Number {
        Whole(u32),
        Text(Quantity),
    }
    match Number::deserialize(deserializer)? {
        Number::Whole(whole) => Ok(Quantity::from_units(i64::from(whole) * 100)),
        Number::Text(quantity) if quantity >= Quantity::ZERO => Ok(quantity),
        Number::Text(_) => Err(serde::de::Error::custom("negative")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
        [[customer]]
        number = "1100000006"
        name = "Green Valley Dairy"
        name_zh = "绿谷牧业"
        type = "agricultural"
        grade = "C"
        contact = "+86 10 5550 0106"
        address = "Green Valley Township"
        [[customer.meter]]
        id = "M1000000061"
        profile = "L1-A"
        peak_kw = 160
        peak_kvar = "70.5"
        capacity_kva = 250
        basic = "capacity"
        voltage_kv = 10
    "#;

    #[test]
    fn reads_a_customer_with_its_meter() {
        let customers = parse(ONE).unwrap();
        let meter = &customers[0].meters[0];
        assert_eq!((meter.peak_kw.units(), meter.peak_kvar.units()), (16_000, 7_050));
        assert_eq!(meter.meter().capacity_kva.to_string(), "250.00");
    }

    #[test]
    fn refuses_a_float_a_negative_number_and_an_unknown_key() {
        assert!(parse(&ONE.replace("= 160", "= 160.5")).is_err());
        assert!(parse(&ONE.replace("= 160", "= -160")).is_err());
        assert!(parse(&ONE.replace("\"70.5\"", "\"-70.5\"")).is_err());
        assert!(parse(&ONE.replace("grade", "class")).is_err());
    }
}
