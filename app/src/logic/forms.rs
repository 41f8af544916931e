//! The forms in which a bill can be saved. A form is a row of this table: a new one needs no new code on the screen.

use gridkey_kit::prelude::IconName;

/// A form of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Its name on the wire.
    pub format: &'static str,
    /// The message that names it.
    pub label: &'static str,
    /// The message that says what it is for.
    pub purpose: &'static str,
    /// Its icon.
    pub icon: IconName,
}

/// Every form that the protocol names, in the order offered.
pub const FORMS: [Form; 4] = [
    Form { format: "pdf", label: "bills-form-pdf", purpose: "bills-form-pdf-for", icon: IconName::Bills },
    Form { format: "csv", label: "bills-form-csv", purpose: "bills-form-csv-for", icon: IconName::Table },
    Form { format: "ubl", label: "bills-form-ubl", purpose: "bills-form-ubl-for", icon: IconName::Copy },
    Form { format: "espi", label: "bills-form-espi", purpose: "bills-form-espi-for", icon: IconName::Electricity },
];

/// The forms to show for a bill whose server offers `documents`. A server that does not tell makes at least the spreadsheet;
/// forms that this program has no words for are left out.
pub fn offered(documents: &[String]) -> Vec<Form> {
    let told = |form: &Form| {
        if documents.is_empty() { form.format == "csv" } else { documents.iter().any(|offered| offered == form.format) }
    };
    FORMS.into_iter().filter(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(documents: &[&str]) -> Vec<&'static str> {
        let documents: Vec<String> = documents.iter().map(ToString::to_string).collect();
        offered(&documents).iter().map(|form| form.format).collect()
    }

    #[test]
    fn each_form_is_there_once() {
        let mut all: Vec<_> = FORMS.iter().map(|form| form.format).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), FORMS.len());
    }

    #[test]
    fn what_the_server_offers_is_shown_and_nothing_else() {
        assert_eq!(names(&["csv"]), ["csv"]);
        assert_eq!(names(&["csv", "pdf", "hologram"]), ["pdf", "csv"]);
        assert_eq!(names(&[]), ["csv"], "an older server makes spreadsheets and does not say so");
    }
}
