//! The app of a customer and the dashboard of an operator, opened on the stack.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};

use super::{
    Journey,
    gridkey::{Running, ask, fen, text, yuan},
    management::Desk,
    payments::paid,
};
use crate::demo::{interrupt::Interrupt, process::pid_of};

const PAUSE: Duration = Duration::from_millis(100);
/// Time for a window to say goodbye and go.
const GOODBYE: Duration = Duration::from_secs(15);

/// The customer whose app is opened; what the other steps did happened to this one.
const SHOWN: usize = 1;

/// The newest bill, paid; the one before it stays overdue.
pub(super) fn payment(journey: &mut Journey) -> Result<String> {
    let bill = format!("B-{}-M1000000011", journey.calendar()?.last_month);
    let key = journey.key(SHOWN)?;
    let order = ask(journey.gridkey(key).args(["pay", "--bill", &bill]))?;
    let (payment, amount) = (text(&order, "/payment")?.to_owned(), fen(&order, "/amount")?);
    let mut watch = Running::start(journey.gridkey(key).arg("watch"))?;
    watch.wait_online()?;
    journey.confirm_at_bank(text(&order, "/page")?)?;
    let reference = paid(&mut watch, &payment)?;
    Ok(format!("{bill}, {}, paid under {reference}", yuan(amount)))
}

impl Journey {
    /// Opens both windows and stays until they are closed or somebody presses Ctrl-C.
    pub(crate) fn show_windows(&mut self, interrupt: &Interrupt) -> Result<()> {
        self.start_feed()?;
        self.explain()?;
        let mut windows = Vec::new();
        for (name, mut command) in [("app", self.app()?), ("dashboard", self.dashboard()?)] {
            let log = self.layout.log(name);
            let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
            let child = command.spawn().with_context(|| format!("the {name} does not start"))?;
            windows.push(Shown { name, log, child, ended: None });
        }
        let mut asked: Option<Instant> = None;
        while windows.iter_mut().any(|window| !window.has_ended()) {
            if asked.is_none() && interrupt.came() {
                asked = Some(Instant::now());
                // From a terminal they have got the signal as well; asked twice, they end once.
                windows.iter().for_each(|window| window.ask());
            }
            if asked.is_some_and(|since| since.elapsed() > GOODBYE) {
                windows.iter_mut().try_for_each(Shown::kill)?;
            }
            thread::sleep(PAUSE);
        }
        if asked.is_some() { Ok(()) } else { windows.iter().try_for_each(Shown::held) }
    }

    /// Says what is opened, with which PINs, and what to try.
    fn explain(&self) -> Result<()> {
        let (key, desk) = (self.key(SHOWN)?, self.desk()?);
        let pin = |file: &Path| fs::read_to_string(file).context("a PIN of the demo");
        let (customer, operator) = (pin(&key.at.pin_file)?, pin(&desk.pin_file)?);
        println!();
        println!("Two windows open:");
        println!();
        println!(
            "  the app of customer {}     PIN  {}",
            key.at.customer.as_deref().unwrap_or_default(),
            customer.trim_end()
        );
        println!(
            "  the dashboard of an operator      PIN  {}  (the issued one: it asks for your own)",
            operator.trim_end()
        );
        println!();
        println!("Things to try in the app:");
        println!("  Overview      the running charge; a reading comes every quarter of an hour");
        println!("  Electricity   a day of last month by quarter-hours; compare with last year");
        println!(
            "  Bills         the unpaid one: its lines, its file, and pay it; the bank's page opens in the browser,"
        );
        println!("                which will warn of the demo's own certificate: go on");
        println!("  Alarms        acknowledge the arrears; then look at what the payment did to them");
        println!(
            "  Offline       kill -STOP {} and pay: the order waits in the queue; -CONT brings",
            self.pid("server")
        );
        println!("                the server back, and the order goes out");
        println!("  Settings      Chinese; dark; close to the tray");
        println!();
        println!("In the dashboard, the life of a key:");
        println!("  Make          Keys, Make a key: for 1100000005, on the blank key in the reader. The SO PIN is one");
        println!("                that you choose for it. The letter shows the PIN that its holder gets");
        println!(
            "  Hand over     SOFTHSM2_CONF={} XDG_CONFIG_HOME={} \\",
            desk.conf.display(),
            desk.folder.join("handed-over").display()
        );
        println!("                  {} --config {}", self.bin.join("gridkey-app").display(), desk.customer.display());
        println!("                opens an app on the same reader: log in as the customer with that PIN");
        println!("  Lost          report it in the dashboard, and see the app cut off within a second");
        println!("  Replace       make another in its place; log in again: bills and payments are as they were");
        println!();
        println!(
            "Everything lies below {}; the windows log to logs/app.log and logs/dashboard.log.",
            self.layout.root().display()
        );
        println!("Close both windows or press Ctrl-C to end.");
        Ok(())
    }

    fn app(&self) -> Result<Command> {
        let key = self.key(SHOWN)?;
        let mut command = Command::new(self.bin.join("gridkey-app"));
        command.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
        command.arg("--data-dir").arg(key.folder.join("web"));
        // What somebody chose in an installed app is not for a demo, and the other way round.
        command.env("XDG_CONFIG_HOME", key.folder.join("config"));
        Ok(command)
    }

    fn dashboard(&self) -> Result<Command> {
        let desk = self.desk()?;
        let mut command = Command::new(self.bin.join("gridkey-dashboard"));
        command.env("SOFTHSM2_CONF", &desk.conf).arg("--config").arg(&desk.config);
        command.arg("--data-dir").arg(desk.folder.join("web"));
        command.env("XDG_CONFIG_HOME", desk.folder.join("config"));
        Ok(command)
    }

    fn desk(&self) -> Result<&Desk> {
        self.desk.as_ref().context("no desk was set up")
    }

    fn pid(&self, name: &str) -> u32 {
        self.stack.pids.get(name).copied().unwrap_or_default()
    }
}

/// A window that was opened.
struct Shown {
    name: &'static str,
    log: PathBuf,
    child: Child,
    ended: Option<ExitStatus>,
}

impl Shown {
    /// Whether it is gone. One that cannot be asked about counts as gone.
    fn has_ended(&mut self) -> bool {
        match self.child.try_wait() {
            Ok(None) => false,
            Ok(Some(status)) => {
                self.ended = Some(status);
                true
            }
            Err(_) => true,
        }
    }

    fn ask(&self) {
        if self.ended.is_none()
            && let Ok(pid) = pid_of(self.child.id())
        {
            kill(pid, Signal::SIGTERM).ok();
        }
    }

    fn kill(&mut self) -> Result<()> {
        if self.ended.is_none() { self.child.kill().context("a window does not end") } else { Ok(()) }
    }

    /// Fails if it did not end well, with the last it said.
    fn held(&self) -> Result<()> {
        match self.ended {
            Some(status) if !status.success() => {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                bail!("the {} ended with {status}: {}", self.name, said.lines().last().unwrap_or("it said nothing"))
            }
            _ => Ok(()),
        }
    }
}
