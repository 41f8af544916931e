//! Where things stand on a chart, in tenths of a pixel and whole numbers only.

use std::fmt::{self, Display};

use gridkey_domain::Quantity;

use crate::format;

/// A length or place on the drawing in tenths of a pixel, written with one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Px(pub(super) i64);

impl Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let tenths = self.0.unsigned_abs();
        if tenths.is_multiple_of(10) {
            write!(f, "{sign}{}", tenths / 10)
        } else {
            write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
        }
    }
}

/// The value axis: from zero to a round figure at or above the highest value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Axis {
    /// Between two marks, hundredths.
    step: i64,
    /// At the top, hundredths.
    top: i64,
}

impl Axis {
    /// Four to six marks for values up to `highest`.
    pub(super) fn for_highest(highest: Option<Quantity>) -> Self {
        let highest = highest.map_or(0, Quantity::units).max(0);
        if highest == 0 {
            return Self { step: 100, top: 100 };
        }
        let wanted = highest.div_ceil_by(5);
        let step = round_steps().find(|step| *step >= wanted).unwrap_or(i64::MAX / 8);
        Self { step, top: highest.div_ceil_by(step).saturating_mul(step) }
    }

    /// The marks from zero up.
    pub(super) fn marks(&self) -> impl Iterator<Item = Quantity> {
        let step = self.step;
        (0..=self.top / step).map(move |index| Quantity::from_units(index.saturating_mul(step)))
    }

    /// A mark's words, with as many decimals as the step needs.
    pub(super) fn label(&self, mark: Quantity) -> String {
        let text = format::quantity(mark);
        let cut = if self.step % 100 == 0 {
            3
        } else if self.step % 10 == 0 {
            1
        } else {
            0
        };
        text.get(..text.len() - cut).unwrap_or(&text).to_owned()
    }

    /// How far below the top of a plot of `height` pixels `value` stands.
    pub(super) fn depth(&self, value: Quantity, height: i64) -> Px {
        let value = i128::from(value.units().clamp(0, self.top));
        let filled = value * i128::from(height) * 10 / i128::from(self.top);
        Px(height * 10 - i64::try_from(filled).unwrap_or(0))
    }
}

trait DivCeil {
    fn div_ceil_by(self, by: i64) -> i64;
}

impl DivCeil for i64 {
    fn div_ceil_by(self, by: i64) -> i64 {
        self / by + i64::from(self % by > 0)
    }
}

/// 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, … in hundredths; 25 stands between 20 and 50 from the tens on.
fn round_steps() -> impl Iterator<Item = i64> {
    (0..16).flat_map(|power| {
        let unit = 10_i64.pow(power);
        let quarter = if power > 1 { Some(unit / 10 * 25) } else { None };
        [Some(unit), Some(unit * 2), quarter, Some(unit * 5)].into_iter().flatten()
    })
}

/// The plot: the part of the drawing inside its axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plot {
    /// From the left edge, pixels.
    pub(super) left: i64,
    /// From the top edge, pixels.
    pub(super) top: i64,
    /// Pixels.
    pub(super) width: i64,
    /// Pixels.
    pub(super) height: i64,
    /// Into how many equal parts it is divided.
    pub(super) slots: usize,
}

impl Plot {
    /// The plot in a drawing of `width` by `height` whose widest mark has `characters` characters, leaving `foot` pixels
    /// for what stands below.
    pub(super) fn new(width: u32, height: u32, characters: usize, foot: i64, slots: usize) -> Self {
        let left = 8 + 7 * i64::try_from(characters).unwrap_or(8);
        let top = 10;
        let width = (i64::from(width) - left - 6).max(40);
        let height = (i64::from(height) - top - foot).max(40);
        Self { left, top, width, height, slots: slots.max(1) }
    }

    /// The foot of the plot, pixels.
    pub(super) const fn bottom(&self) -> i64 {
        self.top + self.height
    }

    /// The right edge of the plot, pixels.
    pub(super) const fn right(&self) -> i64 {
        self.left + self.width
    }

    /// Where `slot` begins.
    pub(super) fn start(&self, slot: usize) -> Px {
        self.halves(slot.saturating_mul(2))
    }

    /// The middle of `slot`.
    pub(super) fn middle(&self, slot: usize) -> Px {
        self.halves(slot.saturating_mul(2).saturating_add(1))
    }

    fn halves(&self, halves: usize) -> Px {
        let (halves, slots) = (to_i64(halves), to_i64(self.slots));
        Px(self.left * 10 + halves.saturating_mul(self.width * 10) / (slots * 2))
    }

    /// The slot under a pointer `x` pixels from the plot's left edge.
    pub(super) fn slot_at(&self, x: i64) -> usize {
        let slot = x.clamp(0, self.width - 1).saturating_mul(to_i64(self.slots)) / self.width;
        usize::try_from(slot).unwrap_or(0).min(self.slots - 1)
    }
}

pub(super) fn to_i64(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantity(units: i64) -> Quantity {
        Quantity::from_units(units)
    }

    #[test]
    fn the_axis_ends_at_a_round_figure() {
        let labels = |highest: i64| {
            let axis = Axis::for_highest(Some(quantity(highest)));
            axis.marks().map(|mark| axis.label(mark)).collect::<Vec<_>>()
        };
        assert_eq!(labels(224_000), ["0", "500", "1,000", "1,500", "2,000", "2,500"]);
        assert_eq!(labels(145_900), ["0", "500", "1,000", "1,500"]);
        assert_eq!(labels(97), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(3), ["0.00", "0.01", "0.02", "0.03"]);
        assert_eq!(Axis::for_highest(None).marks().count(), 2);
    }

    #[test]
    fn slots_cover_the_plot_from_edge_to_edge() {
        let plot = Plot::new(640, 200, 5, 30, 96);
        assert_eq!(plot.start(0), Px(plot.left * 10));
        assert_eq!(plot.start(96), Px(plot.right() * 10));
        assert_eq!(plot.slot_at(-5), 0);
        assert_eq!(plot.slot_at(9_999), 95);
    }

    proptest! {
        #[test]
        fn every_value_stands_inside_the_plot(units in 0..i64::MAX / 100) {
            let axis = Axis::for_highest(Some(quantity(units)));
            let depth = axis.depth(quantity(units), 160);
            prop_assert!(depth >= Px(0) && depth <= Px(1600));
            prop_assert!((2..=6).contains(&axis.marks().count()));
        }

        #[test]
        fn the_pointer_finds_the_slot_it_is_over((slots, slot) in (1_usize..500).prop_flat_map(|slots| (Just(slots), 0..slots))) {
            let plot = Plot::new(700, 200, 5, 30, slots);
            let found = plot.slot_at(plot.middle(slot).0 / 10 - plot.left);
            prop_assert!(found.abs_diff(slot) <= 1);
        }
    }
}
