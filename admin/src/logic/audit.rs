//! Finding entries of the audit chain, and reading their facts.

use gridkey_desk::office::{AuditLine, Case};

/// What entries are about, by the first part of their event's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Everything.
    #[default]
    All,
    /// The life of keys.
    Keys,
    /// Orders and payments.
    Payments,
    /// Customers.
    Customers,
    /// Sessions that were cut.
    Sessions,
    /// Bills that were sent again.
    Bills,
    /// The service itself: envelope keys, exports.
    Service,
}

impl Kind {
    /// Every kind, in the order offered.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Keys, Self::Payments, Self::Customers, Self::Sessions, Self::Bills, Self::Service];

    /// The word in the names of messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Keys => "keys",
            Self::Payments => "payments",
            Self::Customers => "customers",
            Self::Sessions => "sessions",
            Self::Bills => "bills",
            Self::Service => "service",
        }
    }

    /// The kind of an event.
    pub fn of(event: &str) -> Self {
        match event.split('.').next().unwrap_or_default() {
            "key" => Self::Keys,
            "order" | "payment" | "refund" => Self::Payments,
            "customer" => Self::Customers,
            "session" => Self::Sessions,
            "bill" => Self::Bills,
            _ => Self::Service,
        }
    }
}

/// Which entries are shown of those that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What they are about.
    pub kind: Kind,
    /// A part of the customer's number, the actor, the event or a fact; empty finds all.
    pub text: String,
}

impl Filter {
    /// Whether `line` is shown.
    pub fn finds(&self, line: &AuditLine) -> bool {
        if self.kind != Kind::All && Kind::of(&line.event) != self.kind {
            return false;
        }
        let text = self.text.trim().to_lowercase();
        let holds = |value: &str| value.to_lowercase().contains(&text);
        text.is_empty()
            || holds(&line.event)
            || holds(&line.actor)
            || line.customer.as_ref().is_some_and(|customer| holds(customer.as_str()))
            || line.number.to_string() == text
            || line.facts.iter().any(|(_, value)| holds(value))
    }

    /// Whether it leaves anything out.
    pub fn is_narrow(&self) -> bool {
        self.kind != Kind::All || !self.text.trim().is_empty()
    }
}

/// The facts that say most in a line: what a person wants to know first.
const TELLING: [&str; 9] = ["reason", "from", "to", "code", "payment", "key", "session", "bill", "token"];

/// The facts of `line` for its row, the most telling first: at most three, none of them long.
pub fn summary(line: &AuditLine) -> Vec<(&str, &str)> {
    let telling = TELLING.iter().filter_map(|name| line.facts.iter().find(|(known, _)| known == name));
    telling
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(_, value)| !matches!(*value, "" | "–"))
        .take(3)
        .collect()
}

/// A long value cut in its middle, so that both ends can be compared.
pub fn cut(value: &str) -> String {
    let count = value.chars().count();
    if count <= 24 {
        return value.to_owned();
    }
    let head: String = value.chars().take(12).collect();
    let tail: String = value.chars().skip(count - 6).collect();
    format!("{head}…{tail}")
}

/// Why what was typed names no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCase {
    /// Nothing was typed.
    Neither,
    /// It is no customer's number.
    Customer,
    /// It is no payment's number.
    Payment,
}

/// The case that a typed customer and payment name; one of them may be empty.
///
/// # Errors
/// [`BadCase`].
pub fn case(customer: &str, payment: &str) -> Result<Case, BadCase> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let customer = some(customer).map(|text| text.parse().map_err(|_| BadCase::Customer)).transpose()?;
    let payment = some(payment).map(|text| text.parse().map_err(|_| BadCase::Payment)).transpose()?;
    if customer.is_none() && payment.is_none() {
        return Err(BadCase::Neither);
    }
    Ok(Case { customer, payment })
}

#[cfg(test)]
mod tests {
    use gridkey_domain::Timestamp;
    use gridkey_protocol::ByteArray;

    use super::*;

    fn line(number: u64, event: &str, facts: &[(&str, &str)]) -> AuditLine {
        AuditLine {
            number,
            at: Timestamp::from_seconds(0),
            event: event.into(),
            actor: "0e0e".into(),
            customer: Some("1100000001".parse().unwrap()),
            facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            hash: ByteArray([0; 32]),
            previous: ByteArray([0; 32]),
        }
    }

    #[test]
    fn entries_are_found_by_kind_customer_actor_and_fact() {
        let lost = line(7, "key.lost", &[("reason", "left in a taxi"), ("key", "abab")]);
        let finds = |kind, text: &str| Filter { kind, text: text.into() }.finds(&lost);
        assert!(
            finds(Kind::All, "") && finds(Kind::Keys, "TAXI") && finds(Kind::All, "110000") && finds(Kind::All, "0e0e")
        );
        assert!(finds(Kind::All, "7") && finds(Kind::All, "key.lost"));
        assert!(!finds(Kind::Payments, "") && !finds(Kind::Keys, "bus"));
    }

    #[test]
    fn every_event_has_a_kind_and_what_is_new_belongs_to_the_service() {
        assert_eq!(Kind::of("order.changed"), Kind::Payments);
        assert_eq!(Kind::of("payment.refunded"), Kind::Payments);
        assert_eq!(Kind::of("envelope.issued"), Kind::Service);
        assert_eq!(Kind::of("something-new"), Kind::Service);
    }

    #[test]
    fn a_row_shows_what_tells_most_first_and_at_most_three() {
        let facts = [("chain", "30"), ("payment", "p1"), ("to", "paid"), ("from", "pending"), ("reason", "asked")];
        assert_eq!(
            summary(&line(1, "order.changed", &facts)),
            [("reason", "asked"), ("from", "pending"), ("to", "paid")]
        );
        assert_eq!(summary(&line(1, "key.bound", &[("reason", "")])), []);
        assert_eq!(cut("0123456789abcdef0123456789abcdef"), "0123456789ab…abcdef");
        assert_eq!(cut("失物招领"), "失物招领");
    }

    #[test]
    fn a_case_has_a_customer_or_a_payment_or_both() {
        assert_eq!(case("", " "), Err(BadCase::Neither));
        assert_eq!(case("1100 000001", ""), Err(BadCase::Customer));
        assert_eq!(case("1100000001", "x"), Err(BadCase::Payment));
        let found = case(" 1100000001 ", "").unwrap();
        assert_eq!(
            (found.customer.map(|customer| customer.to_string()), found.payment),
            (Some("1100000001".into()), None)
        );
    }
}
