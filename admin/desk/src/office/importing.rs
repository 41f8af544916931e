//! Making the customers of a checked file, one after the other.

use std::sync::Arc;

use gridkey_client::app::Problem as Common;
use gridkey_protocol::ops::{
    self,
    admin::customers::{CreateBody, CustomerBody},
};

use super::{
    Import, ImportCommand, ImportState, OfficeEvent, Problem, RowResult, Topic,
    actor::{Actor, Then, then},
    deeds::problem,
    sheet,
};
use crate::desk::Desk;

impl Actor {
    /// Does what is asked about a file of customers.
    pub(super) fn import(&mut self, command: ImportCommand) {
        let running = self.shown.import.state == ImportState::Running;
        match command {
            ImportCommand::Read { name, content } if !running => {
                self.work.spawn_blocking(move || -> Then {
                    let read = sheet::read(name, &content);
                    then(move |actor| {
                        if actor.shown.import.state != ImportState::Running {
                            actor.shown.import = read;
                        }
                    })
                });
            }
            ImportCommand::Start if !running => self.start_import(),
            ImportCommand::Stop if running => self.shown.import.state = ImportState::Stopped,
            ImportCommand::Forget if !running => self.shown.import = Import::default(),
            _ => {}
        }
    }

    fn start_import(&mut self) {
        let import = &mut self.shown.import;
        if !matches!(import.state, ImportState::Ready | ImportState::Stopped | ImportState::Done) {
            return;
        }
        // The row that was under way when it was stopped has its answer yet to come.
        if import.rows.iter().any(|row| row.result == RowResult::Running) {
            import.state = ImportState::Running;
            return;
        }
        for row in &mut import.rows {
            if matches!(row.result, RowResult::Failed(_)) {
                row.result = RowResult::Waiting;
            }
        }
        import.state = ImportState::Running;
        self.next_row();
    }

    fn next_row(&mut self) {
        let import = &mut self.shown.import;
        if import.state != ImportState::Running {
            return;
        }
        let waiting = import.rows.iter().position(|row| row.result == RowResult::Waiting && row.body.is_some());
        let Some((at, row)) = waiting.and_then(|at| Some((at, import.rows.get_mut(at)?))) else {
            import.state = ImportState::Done;
            let good = |result: &RowResult| matches!(result, RowResult::Made | RowResult::There);
            let good = import.rows.iter().filter(|row| good(&row.result)).count();
            let bad = import.rows.len() - good;
            self.tell(OfficeEvent::Imported { good, bad });
            self.reload_concerned(|topic| matches!(topic, Topic::Customers(_) | Topic::Customer(_) | Topic::Audit(_)));
            return;
        };
        let (Some(body), Some(desk)) = (row.body.clone(), self.inside.as_ref().and_then(|inside| inside.desk())) else {
            import.state = ImportState::Stopped;
            return;
        };
        row.result = RowResult::Running;
        self.work.spawn(async move {
            let result = make(&desk, &body).await;
            then(move |actor| actor.row_done(at, result))
        });
    }

    fn row_done(&mut self, at: usize, result: Result<RowResult, Problem>) {
        let import = &mut self.shown.import;
        let Some(row) = import.rows.get_mut(at) else { return };
        match result {
            Ok(result) => row.result = result,
            // Nobody knows whether it was made; the next start finds out, since a customer that is there counts as made.
            Err(problem) => {
                row.result = RowResult::Waiting;
                import.state = ImportState::Stopped;
                if self.mind_key(&problem) {
                    return;
                }
            }
        }
        self.next_row();
    }
}

/// Makes a customer, unless it is there as it should be. An error ends the whole run: line or key are gone.
async fn make(desk: &Arc<Desk>, body: &CreateBody) -> Result<RowResult, Problem> {
    let error = match desk.act::<ops::CustomerCreate>(body).await {
        Ok(_) => return Ok(RowResult::Made),
        Err(error) => problem(&error),
    };
    match error {
        Problem::CustomerExists => {
            let found = desk.read::<ops::CustomerGet>(&CustomerBody { customer: body.customer.clone() }).await;
            Ok(match found {
                Ok(found) if is_as(&found.account, body) => RowResult::There,
                _ => RowResult::Failed(Problem::CustomerExists),
            })
        }
        Problem::Common(
            Common::Offline
            | Common::ConnectionLost
            | Common::OutcomeUnknown
            | Common::KeyRemoved
            | Common::KeyLoggedOut
            | Common::KeyFailed(_),
        ) => Err(error),
        problem => Ok(RowResult::Failed(problem)),
    }
}

/// Whether the customer is the one of the file: its name and its meters. What it may change itself may differ.
fn is_as(account: &gridkey_domain::account::Account, body: &CreateBody) -> bool {
    let has = |meter| account.meters.contains(meter);
    account.name == body.name && account.meters.len() == body.meters.len() && body.meters.iter().all(has)
}
