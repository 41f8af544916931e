//! Verification of a chain against itself and against the heads lodged elsewhere.

use std::collections::BTreeMap;

use super::{START, entry_hash};
use crate::store::{AuditEntry, AuditHead};

/// What is wrong with a chain; the first fault met, with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// Where one entry should be, another is: one was removed, inserted or moved.
    #[error("entry {expected} is missing or out of place: entry {found} stands there")]
    Order {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The entry does not hang on the one before it: one of the two is not the original.
    #[error("entry {0} does not follow from the entry before it")]
    Link(u64),
    /// The entry's content is not what its hash was made of.
    #[error("entry {0} was changed")]
    Changed(u64),
    /// The chain holds together, but is not the one whose head was lodged.
    #[error("the chain was rewritten: its first {length} entries do not lead to the head that was lodged")]
    Rewritten {
        /// The length of the lodged head.
        length: u64,
    },
    /// The chain ends before the newest lodged head.
    #[error("the chain was cut: it has {length} entries, {lodged} were lodged")]
    Cut {
        /// Entries found.
        length: u64,
        /// Entries lodged.
        lodged: u64,
    },
}

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditReport {
    /// The head reached: how many entries hold together, and the hash of the last.
    pub head: AuditHead,
    /// How many lodged heads the chain was held against.
    pub heads: usize,
    /// The length of the newest lodged head; entries above it rest on the chain alone. 0 if none was lodged.
    pub lodged: u64,
}

/// Verifies a chain entry by entry, so that it need not be in memory as a whole.
#[derive(Debug)]
pub struct Verifier {
    heads: BTreeMap<u64, [u8; 32]>,
    lodged: usize,
    reached: AuditHead,
}

impl Verifier {
    /// Begins at the first entry. `lodged` are the heads lodged elsewhere, their signatures checked, in any order.
    ///
    /// # Errors
    /// [`AuditFault::Rewritten`] if two of them contradict each other.
    pub fn new(lodged: impl IntoIterator<Item = AuditHead>) -> Result<Self, AuditFault> {
        let mut heads = BTreeMap::new();
        let mut count = 0;
        for AuditHead { length, hash } in lodged {
            count += 1;
            if heads.insert(length, hash).is_some_and(|other| other != hash) {
                return Err(AuditFault::Rewritten { length });
            }
        }
        let verifier = Self { heads, lodged: count, reached: AuditHead { length: 0, hash: START } };
        verifier.compare()?;
        Ok(verifier)
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// The fault at this entry; the verifier is of no use afterwards.
    pub fn push(&mut self, entry: &AuditEntry) -> Result<(), AuditFault> {
        let AuditHead { length: expected, hash } = self.reached;
        if entry.number != expected {
            return Err(AuditFault::Order { expected, found: entry.number });
        }
        if entry.previous != hash {
            return Err(AuditFault::Link(expected));
        }
        if entry.hash != entry_hash(entry.number, &entry.previous, &entry.content) {
            return Err(AuditFault::Changed(expected));
        }
        self.reached = AuditHead { length: expected + 1, hash: entry.hash };
        self.compare()
    }

    /// Ends the verification after the last entry.
    ///
    /// # Errors
    /// [`AuditFault::Cut`] if entries that were lodged are not there.
    pub fn finish(self) -> Result<AuditReport, AuditFault> {
        let lodged = self.heads.last_key_value().map_or(0, |(length, _)| *length);
        let length = self.reached.length;
        if lodged > length {
            return Err(AuditFault::Cut { length, lodged });
        }
        Ok(AuditReport { head: self.reached, heads: self.lodged, lodged })
    }

    fn compare(&self) -> Result<(), AuditFault> {
        let AuditHead { length, hash } = self.reached;
        match self.heads.get(&length) {
            Some(lodged) if *lodged != hash => Err(AuditFault::Rewritten { length }),
            _ => Ok(()),
        }
    }
}

/// Verifies a whole chain, from entry 0, against the heads lodged elsewhere.
///
/// # Errors
/// The first fault met.
pub fn verify<'a>(
    entries: impl IntoIterator<Item = &'a AuditEntry>,
    lodged: impl IntoIterator<Item = AuditHead>,
) -> Result<AuditReport, AuditFault> {
    let mut verifier = Verifier::new(lodged)?;
    for entry in entries {
        verifier.push(entry)?;
    }
    verifier.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(contents: &[Vec<u8>]) -> Vec<AuditEntry> {
        let mut previous = START;
        (0..)
            .zip(contents)
            .map(|(number, content)| {
                let hash = entry_hash(number, &previous, content);
                let entry = AuditEntry { number, previous, content: content.clone(), hash };
                previous = hash;
                entry
            })
            .collect()
    }

    fn head(entries: &[AuditEntry]) -> AuditHead {
        AuditHead {
            length: u64::try_from(entries.len()).unwrap(),
            hash: entries.last().map_or(START, |entry| entry.hash),
        }
    }

    fn contents() -> impl Strategy<Value = Vec<Vec<u8>>> {
        // Distinct contents: moving one of two equal entries changes nothing.
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 2..20).prop_map(|contents| {
            (0_u32..).zip(contents).map(|(n, rest)| [&n.to_be_bytes(), rest.as_slice()].concat()).collect()
        })
    }

    #[test]
    fn an_empty_chain_holds_unless_something_was_lodged() {
        let empty = AuditHead { length: 0, hash: START };
        assert_eq!(verify(&[], []), Ok(AuditReport { head: empty, heads: 0, lodged: 0 }));
        assert_eq!(
            verify(&[], [AuditHead { length: 1, hash: [7; 32] }]),
            Err(AuditFault::Cut { length: 0, lodged: 1 })
        );
        assert_eq!(verify(&[], [AuditHead { length: 0, hash: [7; 32] }]), Err(AuditFault::Rewritten { length: 0 }));
    }

    proptest! {
        #[test]
        fn an_honest_chain_holds_against_each_of_its_heads(contents in contents(), cut: prop::sample::Index) {
            let entries = chain(&contents);
            let lodged = cut.index(entries.len() + 1);
            let report = verify(&entries, [head(&entries[..lodged]), head(&entries)]).unwrap();
            prop_assert_eq!(report.head, head(&entries));
            prop_assert_eq!(report.lodged, report.head.length);
        }

        #[test]
        fn one_changed_bit_is_found(contents in contents(), at: prop::sample::Index, place: prop::sample::Index, bit in 0_u8..8) {
            let mut entries = chain(&contents);
            let honest = head(&entries);
            let entry = at.get(&entries).number;
            let index = at.index(entries.len());
            let target = &mut entries[index];
            let fields = [target.content.as_mut_slice(), &mut target.previous, &mut target.hash];
            let mut bytes: Vec<&mut u8> = fields.into_iter().flatten().collect();
            let place = place.index(bytes.len());
            *bytes[place] ^= 1 << bit;
            // Found even without a lodged head, at that very entry.
            let fault = verify(&entries, []).unwrap_err();
            prop_assert!(fault == AuditFault::Changed(entry) || fault == AuditFault::Link(entry));
            prop_assert!(verify(&entries, [honest]).is_err());
        }

        #[test]
        fn a_removed_entry_is_found(contents in contents(), at: prop::sample::Index) {
            let mut entries = chain(&contents);
            let index = at.index(entries.len() - 1);
            entries.remove(index);
            let expected = u64::try_from(index).unwrap();
            prop_assert_eq!(verify(&entries, []), Err(AuditFault::Order { expected, found: expected + 1 }));
        }

        #[test]
        fn entries_that_changed_places_are_found(contents in contents(), a: prop::sample::Index, b: prop::sample::Index) {
            let mut entries = chain(&contents);
            let (a, b) = (a.index(entries.len()), b.index(entries.len()));
            prop_assume!(a != b);
            entries.swap(a, b);
            prop_assert!(verify(&entries, []).is_err());
            // With the numbers put right as well.
            for (number, entry) in (0..).zip(&mut entries) {
                entry.number = number;
            }
            prop_assert!(verify(&entries, []).is_err());
        }

        #[test]
        fn an_inserted_entry_is_found(contents in contents(), at: prop::sample::Index) {
            let honest = chain(&contents);
            let index = at.index(honest.len());
            let mut entries = honest.clone();
            let previous = honest[index].previous;
            let number = honest[index].number;
            entries.insert(index, AuditEntry {
                number, previous, content: vec![1], hash: entry_hash(number, &previous, &[1]),
            });
            prop_assert!(verify(&entries, []).is_err());
            for (number, entry) in (0..).zip(&mut entries) {
                entry.number = number;
            }
            prop_assert!(verify(&entries, []).is_err());
        }

        #[test]
        fn a_chain_written_anew_contradicts_a_lodged_head(
            contents in contents(), at: prop::sample::Index, more in 0_usize..3
        ) {
            let honest = chain(&contents);
            let mut rewritten = contents.clone();
            let index = at.index(contents.len());
            rewritten[index].push(0);
            rewritten.extend(std::iter::repeat_n(vec![9], more));
            let entries = chain(&rewritten);
            prop_assert!(verify(&entries, []).is_ok(), "a consistent rewrite passes without lodged heads");
            let length = head(&honest).length;
            prop_assert_eq!(verify(&entries, [head(&honest)]), Err(AuditFault::Rewritten { length }));
        }

        #[test]
        fn a_tail_cut_below_the_newest_lodged_head_is_found(contents in contents(), cut: prop::sample::Index) {
            let entries = chain(&contents);
            let left = cut.index(entries.len());
            let fault = verify(&entries[..left], [head(&entries[..left]), head(&entries)]).unwrap_err();
            prop_assert_eq!(fault, AuditFault::Cut { length: head(&entries[..left]).length, lodged: head(&entries).length });
        }
    }
}
