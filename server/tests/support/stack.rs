//! A running server on a SoftHSM and database of its own, and keys for it.

use std::{net::SocketAddr, path::Path, time::Duration};

use gridkey_domain::{Timestamp, key::AdminRole};
use gridkey_protocol::{certificate::TrustAnchor, close::CloseCode};
use gridkey_server::{
    config::Config,
    control::{EndKeys, KEY},
    parts,
    provision::{
        dev_key::{self, DevKey, Holder},
        init::{AdminRequest, init},
    },
    run,
    store::KeyState,
};
use gridkey_service::{control, runtime};
use tokio_util::sync::CancellationToken;

use crate::{
    peer::{Key, PATIENCE, Peer},
    server, softhsm,
};

pub(crate) fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}

/// A running server.
pub(crate) struct Stack {
    pub(crate) config: Config,
    pub(crate) anchor: TrustAnchor,
    pub(crate) session: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) ops: SocketAddr,
    pub(crate) public: SocketAddr,
    pub(crate) stop: CancellationToken,
    served: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Stack {
    pub(crate) async fn start(folder: &Path, adjust: impl FnOnce(&mut Config)) -> Self {
        let mut config = server::configure(folder, true);
        adjust(&mut config);
        let admin = AdminRequest { csr: None, out: folder.join("admin") };
        init(&config, Some(admin), now()).await.unwrap();
        Self::serve(config).await
    }

    pub(crate) async fn serve(config: Config) -> Self {
        #[derive(serde::Deserialize)]
        struct Addresses {
            session: SocketAddr,
            admin: SocketAddr,
            ops: SocketAddr,
            public: SocketAddr,
        }
        let stop = CancellationToken::new();
        let mut served = tokio::spawn(run::serve(config.clone(), stop.clone()));
        let addresses = tokio::time::timeout(PATIENCE, async {
            loop {
                if served.is_finished() {
                    panic!("the server did not start: {:?}", (&mut served).await);
                }
                if let Ok(Some(addresses)) = runtime::read::<Addresses>(&config.state_dir) {
                    return addresses;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let Addresses { session, admin, ops, public } = addresses.await.unwrap();
        let anchor = parts::open_anchor(&config).unwrap();
        Self { config, anchor, session, admin, ops, public, stop, served }
    }

    pub(crate) async fn stop(self) -> Config {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.served).await.unwrap().unwrap().unwrap();
        let lock = std::fs::File::open(self.config.state_dir.join("store/LOCK")).unwrap();
        lock.try_lock().expect("a server that has stopped holds its database no longer");
        self.config
    }

    pub(crate) async fn key(&self, folder: &Path, customer: &str, name: &str) -> (Key, String) {
        let out = folder.join(name);
        let holder = Holder::Customer(customer.parse().unwrap());
        let asked = DevKey { holder, out: out.clone(), csr: None, agreement_public_key: None };
        let fingerprint = dev_key::run(&self.config, &asked, now()).await.unwrap();
        (Key::load(&out), fingerprint)
    }

    /// The key of an administrator of this role.
    pub(crate) async fn admin_key(&self, folder: &Path, name: &str, role: AdminRole) -> (Key, String) {
        let out = folder.join(name);
        let holder = Holder::Admin(name.to_owned(), role);
        let asked = DevKey { holder, out: out.clone(), csr: None, agreement_public_key: None };
        let fingerprint = dev_key::run(&self.config, &asked, now()).await.unwrap();
        (Key::load(&out), fingerprint)
    }

    /// Logs an administrator in.
    pub(crate) async fn admin_login(&self, key: &Key) -> Result<Peer, Option<CloseCode>> {
        Peer::login(self.admin, &self.anchor, key, None).await
    }

    pub(crate) async fn login(&self, key: &Key) -> Result<Peer, Option<CloseCode>> {
        Peer::login(self.session, &self.anchor, key, None).await
    }

    pub(crate) async fn end(&self, fingerprint: &str, state: KeyState) {
        let asked = EndKeys { state, fingerprint: Some(fingerprint.to_owned()), customer: None };
        let args = serde_json::to_value(asked).unwrap();
        control::call(&self.config.control.socket, KEY, args).await.unwrap();
    }
}

pub(crate) fn run_test(name: &'static str, body: impl AsyncFnOnce(std::path::PathBuf) + Send + 'static) {
    softhsm::in_own_process(name, |folder| {
        let folder = folder.to_owned();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(body(folder));
    });
}
