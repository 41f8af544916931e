//! The app's program without a face, with a real token, against the real server.

use std::{path::Path, process::Command as Child, time::Duration};

use anyhow::{Context, Result, ensure};
use gridkey_client::{
    app::{App, AppHandle, AppParts, Command, Gate, Installation, Renewal, Snapshot},
    clock::Clock,
};
use gridkey_tests::{person::Person, stack::Stack};
use gridkey_token::Pin;
use tokio::time::timeout;

const CUSTOMER: &str = "1100000004";
/// Tells the test that it is the child: the driver takes its tokens from the environment, which is set for a new process only.
const CHILD: &str = "GRIDKEY_APP_TEST_CHILD";
/// Longer than anything here takes, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_key_on_a_token_is_renewed_and_goes_on() {
    if let Some(folder) = std::env::var_os(CHILD) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(renew(Path::new(&folder))).unwrap();
    }
    let stack = Stack::start().unwrap();
    let token = stack.token(CUSTOMER).unwrap();
    let bills = stack.gridkey(CUSTOMER, &["bills"]).unwrap().out;
    let done = Child::new(std::env::current_exe().unwrap())
        .args(["a_key_on_a_token_is_renewed_and_goes_on", "--exact", "--nocapture"])
        .env("SOFTHSM2_CONF", &token.conf)
        .env(CHILD, token.pin_file.parent().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    // Every program goes on with the new key.
    assert_eq!(stack.gridkey(CUSTOMER, &["bills"]).unwrap().out["bills"], bills["bills"]);
}

/// Logs in, renews, goes on, and logs in once more, by the certificates that are on the token then.
async fn renew(folder: &Path) -> Result<()> {
    let person = Person::read(&folder.join("client.toml"), &folder.join("pin"))?;
    let mut config = person.config.clone();
    let store = tempfile::tempdir()?;
    config.store = Some(store.path().to_owned());
    let app = App::start(AppParts {
        installation: Ok(Installation::new(&config, "gridkey-tests")?),
        clock: Clock::system(),
        preferences: None,
    });
    let pin = || -> Result<Pin> { Ok(Pin::new(std::fs::read_to_string(&person.pin_file)?.trim_end())?) };
    log_in(&app, pin()?).await?;
    let before = certificate(&app)?;
    app.send(Command::Renew { pin: pin()? });
    let shown =
        until(&app, "the renewal to end", |shown| matches!(shown.renewal, Renewal::Done { .. } | Renewal::Failed(_)))
            .await?;
    ensure!(matches!(shown.renewal, Renewal::Done { .. }), "{:?}", shown.renewal);
    ensure!(shown.connection.is_online() && matches!(shown.gate, Gate::Open { .. }), "{:?}", shown.gate);
    let renewed = |shown: &Snapshot| {
        shown.keys.iter().any(|card| card.holder.as_ref().is_some_and(|holder| holder.serial != before))
    };
    until(&app, "the new certificate", renewed).await?;

    app.send(Command::LogOut);
    log_in(&app, pin()?).await?;
    ensure!(certificate(&app)? != before, "the new certificate is used");
    ensure!(app.state().borrow().renewal == Renewal::NotDue);
    app.send(Command::Quit);
    Ok(())
}

async fn log_in(app: &AppHandle, pin: Pin) -> Result<()> {
    until(app, "the key", |shown| matches!(shown.gate, Gate::Pin { .. })).await?;
    app.send(Command::Unlock { pin, last_try: false });
    let open = |shown: &Snapshot| matches!(shown.gate, Gate::Open { .. }) && shown.connection.is_online();
    until(app, "the account", open).await.map(drop)
}

/// The serial number of the key's certificate.
fn certificate(app: &AppHandle) -> Result<String> {
    let state = app.state();
    let shown = state.borrow();
    let holder = shown.keys.first().and_then(|card| card.holder.as_ref()).context("no certificate")?;
    Ok(holder.serial.clone())
}

async fn until(app: &AppHandle, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Result<Snapshot> {
    let mut state = app.state();
    let found = timeout(PATIENCE, state.wait_for(|shown| wanted(shown))).await;
    match found {
        Ok(shown) => Ok(Snapshot::clone(&*shown?)),
        Err(_) => anyhow::bail!("waited for {what}: {:#?}", app.state().borrow()),
    }
}
