//! Where a test can have the process killed on the way of a payment: before and after each durable write and each send.

/// Every name.
pub const ALL: &[&str] = &[
    "platform.pay.take.before",
    "platform.pay.take.after",
    "platform.pay.hand.before",
    "platform.pay.hand.after",
    "platform.pay.form.before",
    "platform.pay.notify.before",
    "platform.pay.notify.after",
    "platform.pay.query.before",
    "platform.pay.query.after",
    "platform.pay.seen.before",
    "platform.pay.seen.after",
    "platform.pay.change.before",
    "platform.pay.change.after",
];
