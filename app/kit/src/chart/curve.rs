//! The lines of a load curve.

use std::fmt::Write as _;

use gridkey_domain::Quantity;

use super::scale::{Axis, Plot, Px};

/// Where `value` stands, from the top edge of the drawing.
pub(super) fn below(plot: &Plot, axis: &Axis, value: Quantity) -> Px {
    Px(plot.top * 10 + axis.depth(value, plot.height).0)
}

/// The first of the highest values.
pub(super) fn highest(values: &[Option<Quantity>]) -> Option<(usize, Quantity)> {
    let best = values.iter().flatten().max().copied()?;
    values.iter().position(|value| *value == Some(best)).map(|slot| (slot, best))
}

/// The runs of slots that have values, each as points. Where there are more slots than pixels, a pixel keeps its highest and
/// lowest value.
fn runs(plot: &Plot, axis: &Axis, values: &[Option<Quantity>]) -> Vec<Vec<(Px, Px)>> {
    let per_pixel = plot.slots / usize::try_from(plot.width.max(1)).unwrap_or(1);
    let mut runs = Vec::new();
    for run in values.iter().enumerate().collect::<Vec<_>>().split(|(_, value)| value.is_none()) {
        let points = run.iter().filter_map(|(slot, value)| value.map(|value| (*slot, value)));
        let points: Vec<(usize, Quantity)> = points.collect();
        let kept: Vec<(usize, Quantity)> = if per_pixel < 2 {
            points
        } else {
            let extremes = |chunk: &[(usize, Quantity)]| {
                let low = chunk.iter().min_by_key(|(_, value)| *value).copied();
                let high = chunk.iter().max_by_key(|(_, value)| *value).copied();
                let mut pair: Vec<_> = low.into_iter().chain(high).collect();
                pair.sort_unstable_by_key(|(slot, _)| *slot);
                pair.dedup();
                pair
            };
            points.chunks(per_pixel).flat_map(extremes).collect()
        };
        if !kept.is_empty() {
            runs.push(kept.into_iter().map(|(slot, value)| (plot.middle(slot), below(plot, axis, value))).collect());
        }
    }
    runs
}

/// The line through `values` as an SVG path.
pub(super) fn curve(plot: &Plot, axis: &Axis, values: &[Option<Quantity>]) -> String {
    let mut path = String::new();
    for run in runs(plot, axis, values) {
        for (index, (x, y)) in run.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            // Writing to a string cannot fail.
            let _ = write!(path, "{command}{x} {y}");
        }
        if let [(x, y)] = run.as_slice() {
            // A value between two gaps is a line of no length, which round caps make a dot.
            let _ = write!(path, "L{x} {y}");
        }
    }
    path
}

/// The ground between that line and the foot of the plot.
pub(super) fn area(plot: &Plot, axis: &Axis, values: &[Option<Quantity>]) -> String {
    let foot = plot.bottom();
    let mut path = String::new();
    for run in runs(plot, axis, values) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
        let _ = write!(path, "M{first} {foot}");
        for (x, y) in &run {
            let _ = write!(path, "L{x} {y}");
        }
        let _ = write!(path, "L{last} {foot}Z");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(units: i64) -> Option<Quantity> {
        Some(Quantity::from_units(units))
    }

    #[test]
    fn a_gap_breaks_the_line() {
        let plot = Plot::new(640, 200, 5, 24, 4);
        let values = [some(100), some(200), None, some(300)];
        let path = curve(&plot, &Axis::for_highest(some(300)), &values);
        assert_eq!(path.matches('M').count(), 2);
    }

    #[test]
    fn a_month_of_quarter_hours_keeps_its_highest_value() {
        let mut values = vec![some(100); 2976];
        values[1777] = some(99_000);
        let plot = Plot::new(640, 200, 5, 24, values.len());
        let axis = Axis::for_highest(some(99_000));
        let points: usize = runs(&plot, &axis, &values).iter().map(Vec::len).sum();
        assert!(points < 1500, "{points}");
        let top = below(&plot, &axis, Quantity::from_units(99_000));
        assert!(runs(&plot, &axis, &values)[0].iter().any(|(_, y)| *y == top));
    }
}
