//! The settlement file of a day (txnType 76/01): what was debited and given back, as the gateway lists it. Unlike the
//! gateway's, it is there at once, and grows until the day is over.

use gridkey_unionpay::{
    Message,
    settlement::{
        archive::{Entry, pack},
        day_text,
        detail::{self, Settled},
        settle_date,
    },
};

use crate::{
    faults::Fault,
    gateway::{Debit, Sandbox, Standing},
    request::FileRequest,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Sandbox {
    /// The signed answer with the file, or 98 where there is none. A fault `pending` makes it late (98).
    ///
    /// # Errors
    /// If it can't be packed or signed.
    pub fn answer_file(&self, request: &FileRequest, fault: Fault) -> Result<Message, Failure> {
        let mut answer = Message::new();
        for name in
            ["version", "encoding", "bizType", "txnType", "txnSubType", "accessType", "merId", "settleDate", "fileType"]
        {
            answer.set(name, request.message.get(name).unwrap_or_default());
        }
        let lines = self.settled(&request.merchant, &request.day);
        if fault.pending || (lines.is_empty() && day_text(settle_date(self.now())) < request.day) {
            answer.set("respCode", "98").set("respMsg", "文件不存在[5000020]");
        } else {
            let merchant = &request.merchant;
            let name = format!("INN{}88ZM_{merchant}", request.day);
            let list = Entry { name, content: lines.concat().into_bytes() };
            answer.set("respCode", "00").set("respMsg", "成功[0000000]");
            answer.set("fileName", &format!("{merchant}_{}.zip", request.day));
            answer.set("fileContent", &pack(&[list])?);
        }
        self.settings.key.sign_answer(&mut answer)?;
        Ok(answer)
    }

    fn settled(&self, merchant: &str, day: &str) -> Vec<String> {
        let line = |debit: &Debit, kind: &str, original: String| {
            let settled = Settled {
                kind: kind.to_owned(),
                merchant: debit.identity.merchant.clone(),
                order: debit.identity.order.clone(),
                amount: debit.amount,
                reference: debit.query_id.clone(),
                original,
                day: settle_date(debit.at),
            };
            (day_text(settled.day), debit.query_id.clone(), detail::write(&settled, debit.at))
        };
        let mut lines: Vec<_> = self.ledger().iter().map(|debit| line(debit, "01", String::new())).collect();
        lines.extend(self.repaid().iter().map(|debit| line(debit, "04", self.original(debit))));
        lines.retain(|(on, ..)| on == day);
        lines.sort();
        let ours = format!(" {merchant} ");
        lines.into_iter().map(|(.., text)| text).filter(|text| text.contains(&ours)).collect()
    }

    /// The reference of the payment that a refund gave back.
    fn original(&self, refund: &Debit) -> String {
        let payment = self.refund(&refund.identity).and_then(|refund| self.payment(&refund.terms.payment));
        match payment.map(|payment| payment.standing) {
            Some(Standing::Paid { query_id, .. }) => query_id,
            _ => String::new(),
        }
    }
}
