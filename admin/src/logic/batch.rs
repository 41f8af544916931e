//! A list of customers from what somebody pasted or a file.

use gridkey_domain::CustomerNo;

/// The most keys of one batch. Somebody stands there and changes the tokens.
pub const MOST: usize = 200;

/// A list that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The customers, each once, in the order of the list.
    pub customers: Vec<CustomerNo>,
    /// How many stood there more than once.
    pub repeated: usize,
    /// What is no customer's number: line (from 1) and text, cut at 40 characters.
    pub faults: Vec<(usize, String)>,
    /// How many are beyond [`MOST`] and were left out.
    pub surplus: usize,
}

/// Reads a list: numbers apart by spaces, commas, semicolons or lines, or a CSV whose column `customer` (else its first) holds
/// them. A byte order mark and the heading of the column are passed over.
pub fn read(text: &str) -> Listed {
    let text = text.trim_start_matches('\u{feff}');
    let mut listed = Listed::default();
    match column(text) {
        Some(column) => {
            for (index, line) in text.lines().enumerate().skip(1) {
                let cell = cells(line).nth(column).unwrap_or_default();
                if !line.trim().is_empty() {
                    listed.take(index + 1, &cell);
                }
            }
        }
        None => {
            for (index, line) in text.lines().enumerate() {
                let words = line.split(|c: char| c.is_whitespace() || ",;，；、".contains(c));
                for word in words.filter(|word| !word.is_empty()) {
                    listed.take(index + 1, word.trim_matches('"'));
                }
            }
        }
    }
    listed
}

impl Listed {
    fn take(&mut self, line: usize, word: &str) {
        // A number has digits; a stray word is more likely a name than a customer.
        let number = word.parse::<CustomerNo>().ok().filter(|_| word.bytes().any(|byte| byte.is_ascii_digit()));
        match number {
            None => self.faults.push((line, word.chars().take(40).collect())),
            Some(number) if self.customers.contains(&number) => self.repeated += 1,
            Some(_) if self.customers.len() >= MOST => self.surplus += 1,
            Some(number) => self.customers.push(number),
        }
    }
}

/// The place of the column `customer`, if the first line is a heading that has one.
fn column(text: &str) -> Option<usize> {
    let heading = text.lines().next()?;
    cells(heading).position(|cell| cell.eq_ignore_ascii_case("customer"))
}

/// The cells of a line of CSV. A quote within quotes stands for itself.
fn cells(line: &str) -> impl Iterator<Item = String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            _ => cell.push(c),
        }
    }
    cells.push(cell.trim().to_owned());
    cells.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(listed: &Listed) -> Vec<&str> {
        listed.customers.iter().map(CustomerNo::as_str).collect()
    }

    #[test]
    fn what_was_pasted_is_read_however_it_is_set_apart() {
        let listed = read("1100000001, 1100000002;1100000003\n 1100000004\t1100000005，1100000006\n\n");
        assert_eq!(numbers(&listed).len(), 6);
        assert_eq!((listed.repeated, listed.surplus, listed.faults.len()), (0, 0, 0));
    }

    #[test]
    fn a_csv_gives_its_column_wherever_it_stands() {
        let listed = read(
            "\u{feff}name,Customer,contact\r\n\"Foundry, East\",1100000001,x\r\n\r\nMill,1100000002,\"a \"\"b\"\"\"\r\n",
        );
        assert_eq!(numbers(&listed), ["1100000001", "1100000002"]);
        assert_eq!(listed.faults, []);
    }

    #[test]
    fn what_is_no_number_is_named_by_its_line_and_nobody_comes_twice() {
        let listed = read("1100000001\nFoundry\n1100000001\n1100000002");
        assert_eq!(numbers(&listed), ["1100000001", "1100000002"]);
        assert_eq!(listed.faults, [(2, "Foundry".to_owned())]);
        assert_eq!(listed.repeated, 1);
        assert_eq!(read("customer\n\"ä\"\n").faults, [(2, "ä".to_owned())]);
    }

    #[test]
    fn a_list_beyond_what_somebody_can_do_is_cut_and_says_so() {
        let text: String = (0..MOST + 3).map(|number| format!("C{number}\n")).collect();
        let listed = read(&text);
        assert_eq!((listed.customers.len(), listed.surplus), (MOST, 3));
    }
}
