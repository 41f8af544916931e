//! Where a test can have the process killed on the way of a payment or a refund: before and after each durable write and each send.

/// Every name on the way of a payment.
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

/// Every name on the way of a refund.
pub const REFUND: &[&str] = &[
    "platform.refund.take.before",
    "platform.refund.take.after",
    "platform.refund.sent.before",
    "platform.refund.sent.after",
    "platform.refund.send.before",
    "platform.refund.send.after",
    "platform.refund.learnt.before",
    "platform.refund.query.before",
    "platform.refund.query.after",
    "platform.refund.end.before",
    "platform.refund.end.after",
];
