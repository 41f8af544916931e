//! The figures that administrators see.

use gridkey_domain::{
    PaymentState::{Paid, Pending, Refunded, Refunding, Refused, Unknown},
    key::{KeyState, KeyStep},
};
use gridkey_server::store::{Figures, FiguresOf, OrderChange, PaidHour, Store};

use crate::support::{Backend, at, bill, bound, change, customer, draft, end, issued, order, through};

async fn figures(store: &dyn Store) -> Figures {
    store.figures(FiguresOf { paid_since: at(0), ending_after: at(0), ending_until: at(86_400) }).await.unwrap()
}

pub(crate) async fn payments_are_counted_once_in_the_hour_they_were_paid(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    assert_eq!(figures(&store).await.paid, []);
    for (n, seconds) in [(1, -1), (2, 0), (3, 3_599), (4, 3_600)] {
        store.insert_order(order(n, &customer(1), key, &[bill(n.into())]), draft("order.accepted")).await.unwrap();
        through(&store, n, &customer(1), &[Pending]).await;
        store.change_order(OrderChange { at: at(seconds), ..change(n, &customer(1), Paid) }, None).await.unwrap();
    }
    let hour = |from, count, fen| PaidHour { from: at(from), count, amount: gridkey_domain::Fen::new(fen).unwrap() };
    assert_eq!(figures(&store).await.paid, [hour(0, 2, 2_000), hour(3_600, 1, 1_000)]);
    // A refund that failed leaves it paid, not paid twice.
    through(&store, 2, &customer(1), &[Refunding, Paid, Refunding, Refunded]).await;
    assert_eq!(figures(&store).await.paid, [hour(0, 2, 2_000), hour(3_600, 1, 1_000)]);
}

pub(crate) async fn orders_and_keys_are_counted_by_their_state(backend: &Backend) {
    let store = backend.store().await;
    let key = bound(&store, 1, &customer(1)).await;
    for (n, states) in
        [(1, &[][..]), (2, &[Pending]), (3, &[Pending, Unknown]), (4, &[Refused]), (5, &[Pending, Paid, Refunding])]
    {
        store.insert_order(order(n, &customer(1), key, &[bill(n.into())]), draft("order.accepted")).await.unwrap();
        through(&store, n, &customer(1), states).await;
    }
    let counted = figures(&store).await;
    assert_eq!((counted.open, counted.unknown, counted.refunding), (2, 1, 1));

    bound(&store, 2, &customer(1)).await;
    bound(&store, 3, &customer(2)).await;
    store.insert_key(issued(4), draft("key.issued")).await.unwrap();
    store.end_key(end(2, KeyStep::Lose, 2), draft("key.lost")).await.unwrap();
    let counted = figures(&store).await;
    let of = |state| counted.keys.iter().find(|(known, _)| *known == state).unwrap().1;
    assert_eq!([KeyState::Issued, KeyState::Bound, KeyState::Lost, KeyState::Replaced].map(of), [1, 2, 1, 0]);
    assert_eq!(counted.keys.len(), KeyState::ALL.len() - 1);
    assert_eq!(counted.ending, 3, "a key that ended is no concern any more");
    let later = FiguresOf { paid_since: at(0), ending_after: at(0), ending_until: at(86_399) };
    assert_eq!(store.figures(later).await.unwrap().ending, 0);
}
