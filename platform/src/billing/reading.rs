//! Interval readings: the average power of each quarter-hour, kept exactly.

use std::fmt;

/// Quarter-hours in a day. Asia/Shanghai has no daylight saving, so every day has all of them.
pub const SLOTS: usize = 96;

/// Active (kW) or reactive (kvar) average power, in units of 10⁻⁸: two decimals of a meter's peak times six of a
/// profile's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Power(u64);

impl Power {
    /// Units of one kW (or kvar).
    pub const UNITS_PER_KW: u64 = 100_000_000;

    /// `units` × 10⁻⁸ kW.
    pub const fn from_units(units: u64) -> Self {
        Self(units)
    }

    /// The value in units of 10⁻⁸ kW.
    pub const fn units(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Power {
    /// kW with eight decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:08}", self.0 / Self::UNITS_PER_KW, self.0 % Self::UNITS_PER_KW))
    }
}

/// One quarter-hour's reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slot {
    /// Average kW.
    pub active: Power,
    /// Average kvar.
    pub reactive: Power,
}

/// A meter's readings of one day, by the clock of the meter. A quarter-hour without a reading is absent; one that the
/// clock went through twice, because it was set back, has two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayReadings {
    slots: Box<[Option<Slot>; SLOTS]>,
    /// Further readings of quarter-hours that have one, in order.
    again: Vec<(usize, Slot)>,
}

/// A stored day is not in the form that this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored day of readings is damaged")]
pub struct DamagedReadings;

/// First byte of an encoded day.
const VERSION: u8 = 1;
/// A bit per quarter-hour, the earliest in the lowest bit of the first byte.
const BITMAP: usize = SLOTS / 8;

impl Default for DayReadings {
    fn default() -> Self {
        Self { slots: Box::new([None; SLOTS]), again: Vec::new() }
    }
}

impl DayReadings {
    /// The reading of quarter-hour `slot` (0 is 00:00).
    pub fn get(&self, slot: usize) -> Option<Slot> {
        self.slots.get(slot).copied().flatten()
    }

    /// Sets the one reading of quarter-hour `slot`; a slot past the day is ignored.
    pub fn set(&mut self, slot: usize, reading: Slot) {
        self.again.retain(|(at, _)| *at != slot);
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(reading);
        }
    }

    /// Adds a reading of quarter-hour `slot`, beside one that is there already.
    pub fn push(&mut self, slot: usize, reading: Slot) {
        if self.get(slot).is_none() {
            self.set(slot, reading);
        } else {
            let place = self.again.partition_point(|(at, _)| *at <= slot);
            self.again.insert(place, (slot, reading));
        }
    }

    /// Every reading, in the order of the clock.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Slot)> + '_ {
        let mut again = self.again.iter().copied().peekable();
        self.slots.iter().enumerate().filter_map(|(slot, first)| first.map(|first| (slot, first))).flat_map(
            move |(slot, first)| {
                let mut here = vec![(slot, first)];
                here.extend(std::iter::from_fn(|| again.next_if(|(at, _)| *at == slot)));
                here
            },
        )
    }

    /// The latest quarter-hour that was read.
    pub fn last_slot(&self) -> Option<usize> {
        self.slots.iter().rposition(Option::is_some)
    }

    /// Takes over the quarter-hours that `newer` has, keeping the rest.
    pub fn merge(&mut self, newer: &Self) {
        for (slot, reading) in newer.slots.iter().enumerate() {
            if let Some(reading) = reading {
                self.set(slot, *reading);
            }
        }
        newer.again.iter().for_each(|(slot, reading)| self.push(*slot, *reading));
    }

    /// The stored form: version, bitmap of the quarter-hours present, active and reactive power of each as LEB128, then
    /// quarter-hour and powers of each further reading. Exact, about 1.1 kB for a full day.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + BITMAP + SLOTS * 12);
        bytes.push(VERSION);
        bytes.resize(1 + BITMAP, 0);
        for (slot, reading) in self.slots.iter().enumerate() {
            let Some(reading) = reading else { continue };
            if let Some(byte) = bytes.get_mut(1 + slot / 8) {
                *byte |= 1 << (slot % 8);
            }
            put_powers(&mut bytes, *reading);
        }
        for (slot, reading) in &self.again {
            put_varint(&mut bytes, *slot as u64);
            put_powers(&mut bytes, *reading);
        }
        bytes
    }

    /// Reads the stored form; anything but what [`Self::encode`] writes is damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, DamagedReadings> {
        let (head, mut rest) = bytes.split_at_checked(1 + BITMAP).ok_or(DamagedReadings)?;
        let bitmap = head.strip_prefix(&[VERSION]).ok_or(DamagedReadings)?;
        let mut day = Self::default();
        for slot in 0..SLOTS {
            if bitmap.get(slot / 8).is_some_and(|byte| byte & (1 << (slot % 8)) != 0) {
                day.set(slot, take_powers(&mut rest)?);
            }
        }
        while !rest.is_empty() {
            let slot = usize::try_from(take_varint(&mut rest)?).map_err(|_| DamagedReadings)?;
            let in_order = day.again.last().is_none_or(|(at, _)| *at <= slot);
            if day.get(slot).is_none() || !in_order {
                return Err(DamagedReadings);
            }
            day.again.push((slot, take_powers(&mut rest)?));
        }
        Ok(day)
    }
}

fn put_powers(bytes: &mut Vec<u8>, reading: Slot) {
    put_varint(bytes, reading.active.0);
    put_varint(bytes, reading.reactive.0);
}

fn take_powers(bytes: &mut &[u8]) -> Result<Slot, DamagedReadings> {
    Ok(Slot { active: Power(take_varint(bytes)?), reactive: Power(take_varint(bytes)?) })
}

fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, DamagedReadings> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(DamagedReadings)?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        let shifted = part << shift;
        if shifted >> shift != part || (*byte == 0 && shift > 0) {
            return Err(DamagedReadings);
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DamagedReadings)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::*;

    fn any_day() -> impl Strategy<Value = DayReadings> {
        let slots = vec(option::of((any::<u64>(), 0_u64..1_000_000_000_000)), SLOTS);
        (slots, vec((0..SLOTS, any::<u64>()), 0..6)).prop_map(|(slots, again)| {
            let mut day = DayReadings::default();
            for (slot, reading) in slots.into_iter().enumerate() {
                if let Some((active, reactive)) = reading {
                    day.set(slot, Slot { active: Power(active), reactive: Power(reactive) });
                }
            }
            again
                .into_iter()
                .for_each(|(slot, active)| day.push(slot, Slot { active: Power(active), ..Slot::default() }));
            day
        })
    }

    proptest! {
        #[test]
        fn a_stored_day_reads_back(day in any_day()) {
            prop_assert_eq!(DayReadings::decode(&day.encode()), Ok(day));
        }

        #[test]
        fn damage_is_an_error_and_what_reads_is_what_was_written(bytes in vec(any::<u8>(), 0..64)) {
            let with_version: Vec<u8> = std::iter::once(VERSION).chain(bytes).collect();
            if let Ok(day) = DayReadings::decode(&with_version) {
                prop_assert_eq!(day.encode(), with_version);
            }
        }

        #[test]
        fn a_cut_day_is_never_taken_for_the_whole(day in any_day(), cut in 1_usize..200) {
            let bytes = day.encode();
            let cut = cut.min(bytes.len());
            prop_assert_ne!(DayReadings::decode(&bytes[..bytes.len() - cut]), Ok(day));
        }
    }

    #[test]
    fn power_is_shown_in_kilowatts() {
        assert_eq!(Power::from_units(240_000_000_001).to_string(), "2400.00000001");
    }

    #[test]
    fn merging_keeps_what_the_newer_day_lacks() {
        let slot = |units| Slot { active: Power(units), reactive: Power(0) };
        let (mut older, mut newer) = (DayReadings::default(), DayReadings::default());
        older.set(0, slot(1));
        older.set(1, slot(2));
        newer.set(1, slot(3));
        older.merge(&newer);
        older.push(0, slot(4));
        assert_eq!(older.iter().collect::<Vec<_>>(), [(0, slot(1)), (0, slot(4)), (1, slot(3))]);
        assert_eq!(older.last_slot(), Some(1));
    }
}
