//! Acts: signed on the key, sent once, and what came of them.

use std::sync::Arc;

use gridkey_client::app::{OutgoingFile, Problem as Common};
use gridkey_protocol::ops::{self, Empty, admin::audit::ExportBody};

use super::{
    Act, Case, Deed, Doing, OfficeEvent, Outcome, Problem,
    actor::{Actor, then},
    topics::concerns,
};
use crate::desk::{Desk, DeskError};

/// Deeds whose end is remembered at most.
const MOST: usize = 200;

/// What an act gave, with a file if it is one.
type Given = Result<(Outcome, Option<OutgoingFile>), Problem>;

impl Actor {
    /// Does something, unless the same is being done.
    pub(super) fn act(&mut self, act: Act) {
        let Some(inside) = self.inside.as_ref().filter(|inside| inside.is_open()) else { return };
        let deed = act.deed();
        if self.shown.doing(&deed).is_running() {
            return;
        }
        let Some(desk) = inside.desk() else {
            self.deed_failed(deed, Common::Offline.into());
            return;
        };
        if self.shown.deeds.len() >= MOST {
            self.shown.deeds.retain(|_, doing| doing.is_running());
        }
        self.shown.deeds.insert(deed.clone(), Doing::Running);
        self.work.spawn(async move {
            let given = carry_out(&desk, &act).await;
            then(move |actor| actor.done(&act, deed, given))
        });
    }

    fn done(&mut self, act: &Act, deed: Deed, given: Given) {
        match given {
            Ok((outcome, file)) => {
                self.shown.deeds.insert(deed.clone(), Doing::Done(outcome));
                if let Some(file) = file {
                    self.tell(OfficeEvent::File(file));
                }
                self.tell(OfficeEvent::Done(deed));
            }
            Err(problem) => self.deed_failed(deed, problem),
        }
        // What failed may have been done all the same, or by somebody else.
        self.reload_concerned(|topic| concerns(act, topic));
    }

    /// A deed was not done. A key that is gone ends everything, too.
    pub(super) fn deed_failed(&mut self, deed: Deed, problem: Problem) {
        if self.mind_key(&problem) {
            return;
        }
        tracing::info!(word = problem.word(), "an act was not done");
        self.shown.deeds.insert(deed.clone(), Doing::Failed(problem.clone()));
        self.tell(OfficeEvent::Failed { deed, problem });
    }

    /// Leaves what became of a deed behind.
    pub(super) fn forget(&mut self, deed: &Deed) {
        if !self.shown.doing(deed).is_running() {
            self.shown.deeds.remove(deed);
        }
    }
}

/// The problem of an act: one that was sent and not answered may have been done.
pub(super) fn problem(error: &DeskError) -> Problem {
    match error {
        DeskError::Call(error) if error.outcome_unknown() => Common::OutcomeUnknown.into(),
        error => error.into(),
    }
}

async fn carry_out(desk: &Desk, act: &Act) -> Given {
    let done = match act {
        Act::CreateCustomer(body) => {
            desk.act::<ops::CustomerCreate>(body).await.map(|made| Outcome::Customer(Box::new(made)))
        }
        Act::UpdateCustomer(body) => {
            desk.act::<ops::CustomerUpdate>(body).await.map(|made| Outcome::Customer(Box::new(made)))
        }
        Act::BindKey(body) => desk.act::<ops::KeyBind>(body).await.map(|key| Outcome::Bound(Box::new(key))),
        Act::UnbindKey(body) => desk.act::<ops::KeyUnbind>(body).await.map(|ended| Outcome::Ended(Box::new(ended))),
        Act::LoseKey(body) => desk.act::<ops::KeyLost>(body).await.map(|ended| Outcome::Ended(Box::new(ended))),
        Act::RevokeKey(body) => desk.act::<ops::KeyRevoke>(body).await.map(|ended| Outcome::Ended(Box::new(ended))),
        Act::ReplaceKey(body) => desk.act::<ops::KeyReplace>(body).await.map(|both| Outcome::Replaced(Box::new(both))),
        Act::CutSession(body) => desk.act::<ops::SessionCut>(body).await.map(|_| Outcome::Cut),
        Act::PushBill(body) => desk.act::<ops::BillPush>(body).await.map(Outcome::Pushed),
        Act::Refund(body) => {
            desk.act::<ops::PaymentRefund>(body).await.map(|payment| Outcome::Refunding(Box::new(payment)))
        }
        Act::Export(case) => return export(desk, case).await,
        Act::SaveCrl => return crl(desk).await,
    };
    done.map(|outcome| (outcome, None)).map_err(|error| problem(&error))
}

/// The entries of a case, all pages of them, as JSON: what `gridkey-admin audit export` writes.
async fn export(desk: &Desk, case: &Case) -> Given {
    let mut body = ExportBody { customer: case.customer.clone(), payment: case.payment, from: None };
    let mut entries = Vec::new();
    loop {
        let page = desk.act::<ops::AuditExport>(&body).await.map_err(|error| problem(&error))?;
        entries.extend(page.entries);
        body.from = page.next;
        if body.from.is_none() {
            break;
        }
    }
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let value = serde_json::json!({ "customer": case.customer, "payment": case.payment, "entries": entries });
    let text = serde_json::to_vec_pretty(&value).map_err(|error| Common::Internal(error.to_string()))?;
    let of = match (&case.customer, &case.payment) {
        (_, Some(payment)) => payment.to_string(),
        (Some(customer), None) => customer.to_string(),
        (None, None) => "case".to_owned(),
    };
    Ok(file(format!("case-{of}.json"), "application/json", text, count))
}

async fn crl(desk: &Desk) -> Given {
    let crl = desk.read::<ops::CrlGet>(&Empty {}).await.map_err(|error| Problem::from(&error))?.crl.0;
    let count = u64::try_from(crl.len()).unwrap_or(u64::MAX);
    Ok(file("gridkey.crl".to_owned(), "application/pkix-crl", crl, count))
}

fn file(name: String, media_type: &str, content: Vec<u8>, count: u64) -> (Outcome, Option<OutgoingFile>) {
    let file = OutgoingFile { name: name.clone(), media_type: media_type.to_owned(), content: Arc::from(content) };
    (Outcome::File { name, count }, Some(file))
}
