//! What goes along to the gateway in `reqReserved` and comes back in its answers: the order, sealed under the platform's own
//! key, so that a payment which a restored store does not know can be told whose it is. The gateway sees noise.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use gridkey_domain::{
    BillId, CustomerNo, Fen, PaymentId, Timestamp,
    payment::{BillShare, Method, PaymentRequest},
};

use crate::store::{FieldCipher, payments::PaymentRecord};

/// The longest `reqReserved`, bytes.
const LONGEST: usize = 1024;
/// The longest text inside.
const LONGEST_TEXT: u64 = 64 * 1024;
const FORMAT: &str = "1";
/// Ends the list of bills where there was no room for more.
const MORE: &str = "+";

/// An order as it came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The order.
    pub request: PaymentRequest,
    /// Whether all its bills are there; a long order's may not have found room.
    pub whole: bool,
}

/// Seals a payment's order; as many bills as there is room for. `None` if nothing can be sealed.
pub fn seal(record: &PaymentRecord, cipher: &FieldCipher) -> Option<String> {
    let mut count = record.shares.len();
    loop {
        let text = text(record, count);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text.as_bytes()).ok()?;
        let sealed = STANDARD.encode(cipher.seal(&packed.finish().ok()?).ok()?);
        if sealed.len() <= LONGEST {
            return Some(sealed);
        }
        if count == 0 {
            return None;
        }
        count = count * 3 / 4;
    }
}

/// The order of `payment` in what came back; `None` if it is not ours, or another payment's.
pub fn open(reserved: &str, payment: PaymentId, cipher: &FieldCipher) -> Option<Order> {
    let packed = cipher.open(&STANDARD.decode(reserved).ok()?).ok()?;
    let mut text = String::new();
    DeflateDecoder::new(packed.as_slice()).take(LONGEST_TEXT).read_to_string(&mut text).ok()?;
    let order = read(&text)?;
    (order.request.payment == payment).then_some(order)
}

fn text(record: &PaymentRecord, bills: usize) -> String {
    let PaymentRecord { payment, customer, order_hash, amount, created, not_after, shares, .. } = record;
    let (created, not_after) = (created.seconds(), not_after.seconds());
    let mut text = format!("{FORMAT} {payment} {customer} {order_hash} {} {created} {not_after}", amount.get());
    for BillShare { bill, amount } in shares.iter().take(bills) {
        text.push_str(&format!(" {bill} {}", amount.get()));
    }
    if bills < shares.len() {
        text.push_str(&format!(" {MORE}"));
    }
    text
}

fn read(text: &str) -> Option<Order> {
    let mut words = text.split(' ');
    let mut next = || words.next();
    if next()? != FORMAT {
        return None;
    }
    let payment: PaymentId = next()?.parse().ok()?;
    let customer: CustomerNo = next()?.parse().ok()?;
    let order_hash = next()?.to_owned();
    let fen = |text: &str| text.parse().ok().and_then(|fen| Fen::new(fen).ok());
    let amount = fen(next()?)?;
    let created = Timestamp::from_seconds(next()?.parse().ok()?);
    let not_after = Timestamp::from_seconds(next()?.parse().ok()?);
    let mut bills = Vec::new();
    let mut whole = true;
    while let Some(word) = next() {
        if word == MORE {
            whole = false;
            break;
        }
        let bill: BillId = word.parse().ok()?;
        bills.push(BillShare { bill, amount: fen(next()?)? });
    }
    let method = Method::Gateway;
    Some(Order {
        request: PaymentRequest { payment, order_hash, customer, amount, bills, method, created, not_after },
        whole,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payments::tests::record;

    fn of(count: usize) -> PaymentRecord {
        let share = |n: usize| BillShare {
            bill: format!("B-2016-{:02}-M10000{n:05}", n % 12 + 1).parse().unwrap(),
            amount: Fen::new(1_000_003 * (n as u64 + 1)).unwrap(),
        };
        PaymentRecord { shares: (0..count).map(share).collect(), ..record() }
    }

    #[test]
    fn an_order_comes_back_and_fits() {
        let cipher = FieldCipher::random().unwrap();
        for count in [0, 1, 12, 30, 200] {
            let sealed = seal(&of(count), &cipher).unwrap();
            assert!(sealed.len() <= LONGEST);
            let order = open(&sealed, record().payment, &cipher).unwrap();
            assert_eq!(order.whole, order.request.bills.len() == count);
            assert!(order.whole || count > 30, "{count}: {}", order.request.bills.len());
            assert_eq!((order.request.customer, order.request.order_hash), (record().customer, record().order_hash));
        }
    }

    #[test]
    fn another_payments_or_keys_word_is_not_taken() {
        let cipher = FieldCipher::random().unwrap();
        let sealed = seal(&of(2), &cipher).unwrap();
        assert_eq!(open(&sealed, PaymentId::from_parts(2, [7; 10]), &cipher), None);
        assert_eq!(open(&sealed, record().payment, &FieldCipher::random().unwrap()), None);
        assert!(!sealed.contains("1100000001"));
    }

    proptest! {
        #[test]
        fn arbitrary_words_never_panic(text in "[1+ a-fB0-9-]{0,80}", word in "[A-Za-z0-9+/=]{0,80}") {
            let _ = read(&text);
            let _ = open(&word, record().payment, &FieldCipher::random().unwrap());
        }
    }
}
