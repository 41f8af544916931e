//! Customers in arrears: by level, the gravest first.

use gridkey_domain::{Fen, arrears::Level};
use gridkey_protocol::ops::admin::bills::ArrearsLine;

/// The levels, the gravest first.
pub const LEVELS: [Level; 3] = [Level::Final, Level::Warning, Level::Reminder];

/// The word of a level in the names of messages.
pub const fn level_word(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Reminder => "reminder",
        Level::Warning => "warning",
        Level::Final => "final",
    }
}

/// How many customers stand at a level, and what they owe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub customers: usize,
    /// What is overdue, fen.
    pub open: Fen,
    /// Late-payment charges, fen.
    pub late: Fen,
}

/// The sum over the lines of `level`, or over all of them.
pub fn sum(lines: &[ArrearsLine], level: Option<Level>) -> Sum {
    lines.iter().filter(|line| level.is_none_or(|level| line.level == level)).fold(Sum::default(), |sum, line| Sum {
        customers: sum.customers + 1,
        open: add(sum.open, line.open),
        late: add(sum.late, line.late),
    })
}

/// Both together; what is beyond every amount stays where it was.
fn add(one: Fen, other: Fen) -> Fen {
    Fen::checked_sum([one, other]).unwrap_or(one)
}

/// The lines of `level`, or all of them: the gravest first, then the largest sum.
pub fn sorted(lines: &[ArrearsLine], level: Option<Level>) -> Vec<&ArrearsLine> {
    let mut lines: Vec<_> = lines.iter().filter(|line| level.is_none_or(|level| line.level == level)).collect();
    lines.sort_by(|a, b| {
        b.level.cmp(&a.level).then(b.open.get().cmp(&a.open.get())).then_with(|| a.customer.cmp(&b.customer))
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(customer: &str, level: Level, open: u64) -> ArrearsLine {
        ArrearsLine {
            customer: customer.parse().unwrap(),
            open: Fen::new(open).unwrap(),
            late: Fen::new(open / 100).unwrap(),
            level,
        }
    }

    fn lines() -> Vec<ArrearsLine> {
        vec![
            line("1100000001", Level::Reminder, 90_000),
            line("1100000002", Level::Final, 10_000),
            line("1100000003", Level::Reminder, 95_000),
            line("1100000004", Level::Final, 20_000),
        ]
    }

    #[test]
    fn the_gravest_stand_first_and_the_largest_among_them() {
        let lines = lines();
        let order = |level| sorted(&lines, level).iter().map(|line| line.customer.to_string()).collect::<Vec<_>>();
        assert_eq!(order(None), ["1100000004", "1100000002", "1100000003", "1100000001"]);
        assert_eq!(order(Some(Level::Reminder)), ["1100000003", "1100000001"]);
        assert_eq!(order(Some(Level::Warning)), Vec::<String>::new());
    }

    #[test]
    fn levels_are_summed_alone_and_together() {
        let lines = lines();
        let last = sum(&lines, Some(Level::Final));
        assert_eq!((last.customers, last.open.get(), last.late.get()), (2, 30_000, 300));
        assert_eq!(sum(&lines, None).customers, 4);
    }
}
