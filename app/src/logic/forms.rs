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
    /// Whether this version of the service makes it.
    pub offered: bool,
}

/// Every form that the protocol names.
pub const FORMS: [Form; 4] = [
    Form {
        format: "csv",
        label: "bills-form-csv",
        purpose: "bills-form-csv-for",
        icon: IconName::Table,
        offered: true,
    },
    Form {
        format: "pdf",
        label: "bills-form-pdf",
        purpose: "bills-form-pdf-for",
        icon: IconName::Bills,
        offered: false,
    },
    Form {
        format: "ubl",
        label: "bills-form-ubl",
        purpose: "bills-form-ubl-for",
        icon: IconName::Copy,
        offered: false,
    },
    Form {
        format: "espi",
        label: "bills-form-espi",
        purpose: "bills-form-espi-for",
        icon: IconName::Electricity,
        offered: false,
    },
];

/// The forms to show.
pub fn offered() -> impl Iterator<Item = Form> {
    FORMS.into_iter().filter(|form| form.offered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_there_once_and_the_spreadsheet_is_offered() {
        let mut names: Vec<_> = FORMS.iter().map(|form| form.format).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMS.len());
        assert!(offered().any(|form| form.format == "csv"));
    }
}
