//! The customer's journey, in order. One file for each group of steps.
//!
//! Customers …01 to …04 pay, complain and lose keys here; …05 to …07 stay as they were loaded, for those who look around
//! afterwards.

mod account;
mod alarms;
mod audit;
mod bills;
pub(crate) mod gridkey;
mod keys;
mod management;
mod outsiders;
mod payments;
mod provision;
mod queue;
mod window;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::keys::Key;
use super::{
    calendar::Calendar,
    config::Plan,
    layout::Layout,
    process::{Daemon, Running},
    stack::{Platform, Sandbox, Server, Stack},
    step::Report,
};
use crate::workspace;

/// The demo's customers, each with a key.
const CUSTOMERS: [&str; 7] =
    ["1100000001", "1100000002", "1100000003", "1100000004", "1100000005", "1100000006", "1100000007"];

/// The platform's command that posts readings, and the name of its process.
pub(crate) const FEED: &str = "meter-feed";

/// One step of the journey.
struct Step {
    name: &'static str,
    /// Steps without which this one cannot be tried.
    needs: &'static [&'static str],
    /// What it does; the text is what it saw.
    run: fn(&mut Journey) -> Result<String>,
}

const STEPS: &[Step] = &[
    Step { name: "provision", needs: &[], run: provision::provision },
    Step { name: "wrong-pin", needs: &["provision"], run: account::wrong_pin },
    Step { name: "login", needs: &["provision"], run: account::login },
    Step { name: "account", needs: &["login"], run: account::account },
    Step { name: "usage", needs: &["login"], run: bills::usage },
    Step { name: "bills", needs: &["login"], run: bills::bills },
    Step { name: "bill-recomputed", needs: &["bills"], run: bills::recomputed },
    Step { name: "alarm", needs: &["login"], run: alarms::alarm },
    Step { name: "e-bill", needs: &["login"], run: alarms::e_bill },
    Step { name: "pay", needs: &["bills"], run: payments::pay },
    Step { name: "receipt", needs: &["pay"], run: payments::receipt },
    Step { name: "history", needs: &["pay"], run: payments::history },
    Step { name: "offline-queue", needs: &["bills"], run: queue::offline_queue },
    Step { name: "duplicate", needs: &["pay"], run: payments::duplicate },
    Step { name: "update-account", needs: &["login"], run: account::update },
    Step { name: "stranger", needs: &["provision"], run: outsiders::stranger },
    Step { name: "unbind", needs: &["login"], run: outsiders::unbind },
    Step { name: "issue", needs: &["provision"], run: management::issue },
    Step { name: "bind", needs: &["issue"], run: management::bind },
    Step { name: "lost", needs: &["bind"], run: management::lost },
    Step { name: "replace", needs: &["lost"], run: management::replace },
    Step { name: "renew", needs: &["replace"], run: management::renew },
    Step { name: "audit", needs: &["login"], run: audit::audit },
];

/// The steps that leave a customer with something to look at in the app: a bill overdue and its alarm, a new bill, paid, and
/// the receipt of it; and an operator for the dashboard.
const SCENE: &[Step] = &[
    Step { name: "provision", needs: &[], run: provision::provision },
    Step { name: "alarm", needs: &["provision"], run: alarms::alarm },
    Step { name: "e-bill", needs: &["provision"], run: alarms::e_bill },
    Step { name: "payment", needs: &["e-bill"], run: window::payment },
    Step { name: "desk", needs: &["provision"], run: management::desk },
];

/// Sets the scene for both windows.
pub(crate) fn set_scene(journey: &mut Journey, report: &mut Report<impl Write>) {
    for step in SCENE {
        report.step(step.name, step.needs, || (step.run)(journey));
    }
}

/// Goes through all steps, or through those up to `until`.
pub(crate) fn walk(journey: &mut Journey, report: &mut Report<impl Write>, until: Option<&str>) -> Result<()> {
    let last = match until {
        Some(name) => {
            STEPS.iter().position(|step| step.name == name).with_context(|| format!("there is no step {name}"))?
        }
        None => STEPS.len() - 1,
    };
    for step in &STEPS[..=last] {
        report.step(step.name, step.needs, || (step.run)(journey));
    }
    Ok(())
}

/// What the steps share: the files, the programs, what runs, and what one step leaves for another.
pub(crate) struct Journey {
    layout: Layout,
    plan: Plan,
    /// The folder of the programs.
    bin: PathBuf,
    stack: Stack,
    running: Vec<Running>,
    /// Whether the stack is to stay when the journey is over.
    keep: bool,
    /// The customers' keys, in the order of [`CUSTOMERS`].
    keys: Vec<Key>,
    /// The payment of the step `pay`.
    paid: Option<payments::Paid>,
    /// The key that the steps of the management side make, lose and make again.
    managed: Option<management::Managed>,
    /// Where the dashboard is opened.
    desk: Option<management::Desk>,
}

impl Journey {
    /// Settles ports and files; nothing runs yet.
    pub(crate) fn new(layout: Layout, module: &Path, bin: PathBuf, keep: bool) -> Result<Self> {
        let plan = Plan::new(&layout, module)?;
        let stack = Stack {
            server: Server {
                session: format!("wss://localhost:{}/session", plan.session.port()),
                public: plan.public_url(),
                metrics: format!("http://{}/metrics", plan.server_ops),
                admin: Some(format!("wss://localhost:{}/session", plan.admin.port())),
                config: plan.server.config.clone(),
            },
            platform: Platform {
                url: format!("https://{}", plan.intranet),
                metrics: format!("http://{}/metrics", plan.platform_ops),
                config: plan.platform.config.clone(),
            },
            sandbox: Sandbox { url: format!("http://{}", plan.gateway), config: plan.sandbox.config.clone() },
            root: plan.server.state.join("root.pem"),
            web_root: plan.web_root(),
            bin: bin.clone(),
            pids: [].into(),
            tokens: Vec::new(),
            admins: Vec::new(),
        };
        Ok(Self {
            layout,
            plan,
            bin,
            stack,
            running: Vec::new(),
            keep,
            keys: Vec::new(),
            paid: None,
            managed: None,
            desk: None,
        })
    }

    /// The folder with the demo's customers and load profiles.
    fn data() -> PathBuf {
        workspace::root().join("assets/demo")
    }

    fn calendar(&self) -> Result<Calendar> {
        Calendar::now()
    }

    /// The key of the customer whose number ends with `last`, 1 to 7.
    fn key(&self, last: usize) -> Result<&Key> {
        last.checked_sub(1)
            .and_then(|index| self.keys.get(index))
            .with_context(|| format!("customer {last} has no key"))
    }

    /// One of the workspace's programs. The server's HSM is at hand, other tokens need their own `SOFTHSM2_CONF`.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.env("SOFTHSM2_CONF", &self.plan.server_tokens);
        command
    }

    /// A command of the server's operator.
    fn server(&self) -> Command {
        let mut command = self.program("gridkey-server");
        command.arg("--config").arg(&self.plan.server.config);
        command
    }

    /// A command of the platform's operator.
    fn platform(&self) -> Command {
        let mut command = self.program("gridkey-platform");
        command.arg("--config").arg(&self.plan.platform.config);
        command
    }

    /// `gridkey` with somebody's key and PIN, answering in JSON.
    fn gridkey(&self, key: &Key) -> Command {
        let mut command = self.program("gridkey");
        command.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
        command.arg("--pin-file").arg(&key.at.pin_file).arg("--json");
        command
    }

    /// The helper program for what neither `gridkey` nor an operator's command does.
    fn helper(&self, task: &str) -> Command {
        let mut command = self.program("gridkey-demo");
        command.arg(task);
        command
    }

    /// Starts `server`, `platform` or `sandbox` and records its process before anything can go wrong with it.
    fn start(&mut self, name: &'static str) -> Result<()> {
        let (place, program, arguments) = match name {
            "server" => (&self.plan.server, "gridkey-server", ["--config", "FILE", "serve"]),
            "platform" => (&self.plan.platform, "gridkey-platform", ["--config", "FILE", "serve"]),
            "sandbox" => (&self.plan.sandbox, "unionpay-sandbox", ["serve", "--config", "FILE"]),
            _ => bail!("there is no daemon {name}"),
        };
        let file = |word: &str| if word == "FILE" { place.config.clone().into_os_string() } else { word.into() };
        let daemon = Daemon {
            name,
            program: self.bin.join(program),
            arguments: arguments.iter().map(|word| file(word)).collect(),
            environment: vec![("SOFTHSM2_CONF", self.plan.server_tokens.clone().into_os_string())],
            state: place.state.clone(),
            log: self.layout.log(name),
            outlives: self.keep,
        };
        let running = daemon.spawn()?;
        self.stack.pids.insert(name.to_owned(), running.pid());
        self.running.push(running);
        self.stack.write(&self.layout.stack())?;
        self.running.last_mut().context("just started")?.wait_until_ready()
    }

    /// Has the meters go on posting readings, by the clock: what the screens show is never in the future.
    fn start_feed(&mut self) -> Result<()> {
        let place = &self.plan.platform;
        let daemon = Daemon {
            name: FEED,
            program: self.bin.join("gridkey-platform"),
            arguments: vec![
                "--config".into(),
                place.config.clone().into_os_string(),
                FEED.into(),
                "--data".into(),
                Self::data().into_os_string(),
            ],
            environment: vec![("SOFTHSM2_CONF", self.plan.server_tokens.clone().into_os_string())],
            state: place.state.clone(),
            log: self.layout.log(FEED),
            outlives: self.keep,
        };
        let running = daemon.spawn()?;
        self.stack.pids.insert(FEED.to_owned(), running.pid());
        self.running.push(running);
        self.stack.write(&self.layout.stack())
    }

    /// Stops one daemon; [`Self::start`] brings it back.
    fn halt(&mut self, name: &str) -> Result<()> {
        let place = self.running.iter().position(|running| running.name() == name);
        let mut running = self.running.remove(place.with_context(|| format!("the {name} does not run"))?);
        let stopped = running.stop();
        self.stack.pids.remove(name);
        self.stack.write(&self.layout.stack())?;
        stopped
    }

    /// Leaves everything running and says how to reach it, or stops it, as was asked for.
    pub(crate) fn end(mut self) -> Result<()> {
        if !self.keep {
            return self.stop();
        }
        let runs = |name| self.stack.pids.contains_key(name);
        if runs("platform") && !runs(FEED) {
            self.start_feed()?;
        }
        let file = self.layout.stack();
        self.stack.write(&file)?;
        println!();
        println!("The stack keeps running; the next `cargo xtask demo` stops it.");
        println!("  sessions  {}", self.stack.server.session);
        println!("  pages     {}", self.stack.server.public);
        println!("  gateway   {}", self.stack.sandbox.url);
        println!("  meters    go on, a reading every quarter of an hour");
        println!("  metrics   {}  {}", self.stack.server.metrics, self.stack.platform.metrics);
        println!("  all of it {}", file.display());
        if let Some(key) = self.keys.get(4) {
            println!("As customer …05:");
            println!(
                "  SOFTHSM2_CONF={} {} --config {} --pin-file {} bills",
                key.at.conf.display(),
                self.bin.join("gridkey").display(),
                key.config.display(),
                key.at.pin_file.display()
            );
        }
        Ok(())
    }

    /// Stops everything, last started first.
    pub(crate) fn stop(mut self) -> Result<()> {
        let mut first = Ok(());
        while let Some(mut running) = self.running.pop() {
            first = first.and(running.stop());
        }
        // Nothing runs any more that the next run would have to find.
        if self.layout.stack().exists() {
            fs::remove_file(self.layout.stack())?;
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_needs_only_steps_before_it() {
        for steps in [STEPS, SCENE] {
            for (place, step) in steps.iter().enumerate() {
                let before: Vec<&str> = steps[..place].iter().map(|step| step.name).collect();
                assert!(step.needs.iter().all(|need| before.contains(need)), "{}", step.name);
                assert!(!before.contains(&step.name), "{} twice", step.name);
            }
        }
        assert_eq!(STEPS.len(), 23);
    }
}
