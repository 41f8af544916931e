//! Alarms in a list.

use gridkey_domain::arrears::{ArrearsChange, Level};
use gridkey_protocol::ops::alarms::Alarm;

/// Which alarms a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlarmFilter {
    /// Every alarm.
    #[default]
    All,
    /// Those that nobody acknowledged.
    New,
    /// Those at the level of a warning or above.
    Grave,
}

impl AlarmFilter {
    /// Every filter, in the order offered.
    pub const ALL: [Self; 3] = [Self::All, Self::New, Self::Grave];

    /// The message that names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::All => "alarms-filter-all",
            Self::New => "alarms-filter-new",
            Self::Grave => "alarms-filter-grave",
        }
    }

    /// Whether it lets an alarm through.
    pub fn shows(self, alarm: &Alarm) -> bool {
        match self {
            Self::All => true,
            Self::New => alarm.acknowledged.is_none(),
            Self::Grave => alarm.event.level >= Level::Warning,
        }
    }
}

/// How many alarms nobody acknowledged.
pub fn unacknowledged(alarms: &[Alarm]) -> usize {
    alarms.iter().filter(|alarm| alarm.acknowledged.is_none()).count()
}

/// The stable word of a level, part of messages' names.
pub const fn level_word(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Reminder => "reminder",
        Level::Warning => "warning",
        Level::Final => "final",
    }
}

/// The stable word of a change, part of messages' names.
pub const fn change_word(change: ArrearsChange) -> &'static str {
    match change {
        ArrearsChange::Raised => "raised",
        ArrearsChange::Escalated => "escalated",
        ArrearsChange::Eased => "eased",
        ArrearsChange::Cleared => "cleared",
    }
}

#[cfg(test)]
mod tests {
    use gridkey_domain::{Fen, Timestamp, arrears::ArrearsEvent};

    use super::*;

    fn alarm(level: Level, acknowledged: bool) -> Alarm {
        let at: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let change = ArrearsChange::Raised;
        let event = ArrearsEvent { alarm: "a-1".into(), at, change, level, open: Fen::ZERO, late: Fen::ZERO };
        Alarm { event, acknowledged: acknowledged.then_some(at) }
    }

    #[test]
    fn an_acknowledged_alarm_is_new_no_more_but_stays_in_the_list() {
        let alarms = [alarm(Level::Reminder, true), alarm(Level::Final, false)];
        assert_eq!(unacknowledged(&alarms), 1);
        let shown = |filter: AlarmFilter| alarms.iter().filter(|alarm| filter.shows(alarm)).count();
        assert_eq!((shown(AlarmFilter::All), shown(AlarmFilter::New), shown(AlarmFilter::Grave)), (2, 1, 1));
    }
}
