//! The forms in which a bill can be saved: those that its server offers. A form is a word of the bill; this table has better words
//! for the known ones.

use gridkey_kit::prelude::*;

/// The most forms that are shown, and the longest name of one, characters.
const MOST: usize = 16;
const LONGEST: usize = 24;

/// A form that this program has words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its name on the wire.
    pub format: &'static str,
    /// The message that names it.
    pub label: &'static str,
    /// The message that says what it is for.
    pub purpose: &'static str,
    /// Its icon.
    pub icon: IconName,
}

/// A form of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its name on the wire.
    pub format: String,
    /// What is known of it.
    pub known: Option<Known>,
}

impl Form {
    /// Its name on the screen; a form without words of its own goes by the one on the wire.
    pub fn label(&self) -> String {
        self.known.map_or_else(|| self.format.to_ascii_uppercase(), |known| t!(known.label))
    }

    /// What it is for.
    pub fn purpose(&self) -> String {
        t!(self.known.map_or("bills-form-other-for", |known| known.purpose))
    }

    /// Its icon.
    pub const fn icon(&self) -> IconName {
        match self.known {
            Some(known) => known.icon,
            None => IconName::Copy,
        }
    }
}

/// Every form that this program has words for, in the order offered; others follow.
pub const FORMS: [Known; 4] = [
    Known { format: "pdf", label: "bills-form-pdf", purpose: "bills-form-pdf-for", icon: IconName::Bills },
    Known { format: "csv", label: "bills-form-csv", purpose: "bills-form-csv-for", icon: IconName::Table },
    Known { format: "ubl", label: "bills-form-ubl", purpose: "bills-form-ubl-for", icon: IconName::Copy },
    Known { format: "espi", label: "bills-form-espi", purpose: "bills-form-espi-for", icon: IconName::Electricity },
];

/// The forms to show for a bill whose server offers `documents`. A server that does not tell makes at least the spreadsheet.
pub fn offered(documents: &[String]) -> Vec<Form> {
    let told = |known: &Known| {
        if documents.is_empty() { known.format == "csv" } else { documents.iter().any(|offer| offer == known.format) }
    };
    let known = |known: Known| Form { format: known.format.to_owned(), known: Some(known) };
    let mut forms: Vec<Form> = FORMS.into_iter().filter(told).map(known).collect();
    for format in documents.iter().filter(|format| is_name(format)) {
        if forms.len() < MOST && !forms.iter().any(|form| form.format == *format) {
            forms.push(Form { format: format.clone(), known: None });
        }
    }
    forms
}

/// Whether it can be shown and sent as it is.
fn is_name(format: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST).contains(&format.len()) && format.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(documents: &[&str]) -> Vec<String> {
        let documents: Vec<String> = documents.iter().map(ToString::to_string).collect();
        offered(&documents).into_iter().map(|form| form.format).collect()
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
        assert_eq!(
            names(&["hologram", "csv", "pdf", "csv"]),
            ["pdf", "csv", "hologram"],
            "a new one needs no new program"
        );
        assert_eq!(names(&["", "<b>", "Ünïcode", "x".repeat(25).as_str()]), [""; 0], "what is no name is not shown");
        assert_eq!(names(&[]), ["csv"], "an older server makes spreadsheets and does not say so");
    }
}
