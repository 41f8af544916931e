//! X25519 on a SoftHSM token, read and destroyed again: what the token alone can do, with as many sessions as the server has.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use gridkey_server::{
    config::Config,
    hsm::{module::Module, session::TokenSession},
};

use super::{Amount, Done, Work};

pub(super) struct Derive {
    sessions: Vec<TokenSession>,
    key: Vec<u8>,
}

impl Derive {
    pub(super) fn open(place: &Path) -> Result<Self> {
        let config = Config::load(place)?;
        let (module, pin) = (Module::new(&config.hsm.module), config.hsm.pin.read()?);
        let open = || {
            let session = TokenSession::open(&module, &config.key_names(), &pin);
            session.map_err(|failure| anyhow!("{failure}"))
        };
        let mut sessions = (0..config.hsm.threads).map(|_| open()).collect::<Result<Vec<_>>>()?;
        let first = sessions.first_mut().context("no HSM threads")?;
        let key = first.generate_envelope().map_err(|failure| anyhow!("{failure}"))?.key_id;
        Ok(Self { sessions, key })
    }
}

impl Work for Derive {
    type Job = Amount;
    type Outcome = Done;

    async fn carry_out(&mut self, job: Amount) -> Result<Done> {
        let sessions = self.sessions.len().min(job.at_once).max(1);
        let share = job.count.div_ceil(sessions);
        let mut peer = [9; 32];
        getrandom::fill(&mut peer).map_err(|error| anyhow!("no randomness: {error}"))?;
        let key = &self.key;
        std::thread::scope(|scope| {
            let threads: Vec<_> = self.sessions[..sessions]
                .iter_mut()
                .map(|session| {
                    scope.spawn(move || {
                        (0..share).try_for_each(|_| session.agree(key, &peer).map(drop).map_err(|why| anyhow!("{why}")))
                    })
                })
                .collect();
            threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| anyhow!("a thread died"))?)
        })?;
        Ok(Done { count: share * sessions })
    }
}
