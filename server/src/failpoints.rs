//! Every place on the way of a payment at which a test may kill the server; see [`gridkey_service::failpoint`].

/// The names, in the order a payment passes them. `server.store.*` stand around the durable writes, the others around what is sent.
pub const ALL: &[&str] = &[
    "server.store.insert_order.before",
    "server.store.insert_order.after",
    "server.handover.send.before",
    "server.handover.send.after",
    "server.store.change_order.before",
    "server.store.change_order.after",
    "server.store.put_page.before",
    "server.store.put_page.after",
    "server.submit.answer.before",
    "server.session.answer.before",
    "server.session.answer.after",
    "server.store.take_page.before",
    "server.store.take_page.after",
    "server.page.form.before",
    "server.page.form.after",
    "server.notify.send.before",
    "server.notify.send.after",
    "server.receipt.sign.before",
    "server.receipt.sign.after",
    "server.store.apply_outbox.before",
    "server.store.apply_outbox.after",
];

/// The places on the way of a refund. The store's change of the order and the platform's events are passed on this way, too.
pub const REFUND: &[&str] = &[
    "server.store.change_order.before",
    "server.store.change_order.after",
    "server.refund.offer.before",
    "server.refund.offer.after",
    "server.session.answer.before",
    "server.store.apply_outbox.before",
    "server.store.apply_outbox.after",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stores_failpoints_are_among_them() {
        for name in crate::store::surreal::FAILPOINTS {
            assert!(ALL.contains(name), "{name}");
        }
    }
}
