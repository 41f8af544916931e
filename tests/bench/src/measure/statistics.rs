//! Medians, ratios with their spread, percentiles, and how cost grows with size.

use std::time::Duration;

use serde::Serialize;

/// The middle one, or the mean of the two in the middle; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => 0.0,
        (length, middle) if length % 2 == 1 => sorted[middle],
        (_, middle) => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// A middle value and how far the rounds lay apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    /// The median of the rounds.
    pub(crate) median: f64,
    /// The lowest.
    pub(crate) lowest: f64,
    /// The highest.
    pub(crate) highest: f64,
}

impl Spread {
    /// Of some rounds.
    pub(crate) fn of(values: &[f64]) -> Self {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { median: median(values), lowest, highest }
    }

    /// Of the quotients of what was measured in pairs.
    pub(crate) fn of_ratios(ours: &[f64], peer: &[f64]) -> Self {
        let ratios: Vec<f64> = ours.iter().zip(peer).map(|(ours, peer)| ours / peer.max(f64::MIN_POSITIVE)).collect();
        Self::of(&ratios)
    }
}

/// How cost grows: the exponent e in cost = c · size^e, by least squares on the logarithms. `None` unless there are two sizes.
pub(crate) fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> =
        points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = super::count(logs.len());
    let (mean_x, mean_y) = (logs.iter().map(|(x, _)| x).sum::<f64>() / n, logs.iter().map(|(_, y)| y).sum::<f64>() / n);
    let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let slope: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (logs.len() >= 2 && spread > 0.0).then(|| slope / spread)
}

/// The latency that `percent` of all lie at or below.
pub(crate) fn percentile(latencies: &[Duration], percent: usize) -> Duration {
    let mut sorted = latencies.to_vec();
    sorted.sort();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_is_that_of_the_power_law() {
        let law = |e: f64| -> Vec<(f64, f64)> { [10.0, 30.0, 100.0].map(|x: f64| (x, 3.0 * x.powf(e))).to_vec() };
        for e in [0.0, 1.0, 1.5, 2.0] {
            assert!((exponent(&law(e)).unwrap() - e).abs() < 1e-9);
        }
        assert_eq!(exponent(&[(1.0, 1.0)]), None);
        assert_eq!(exponent(&[(2.0, 1.0), (2.0, 3.0)]), None);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let ratio = Spread::of_ratios(&[2.0, 30.0, 4.0], &[1.0, 10.0, 4.0]);
        assert_eq!(ratio, Spread { median: 2.0, lowest: 1.0, highest: 3.0 });
        assert_eq!(median(&[4.0, 1.0]), 2.5);
    }

    #[test]
    fn a_percentile_is_one_of_the_latencies() {
        let latencies: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&latencies, 50), Duration::from_millis(100));
        assert_eq!(percentile(&latencies, 99), Duration::from_millis(198));
        assert_eq!(percentile(&latencies[..1], 99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}
