//! The app of a customer, opened on the stack.

use std::{
    fs::{self, File},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};

use super::{
    FEED_SPEED, Journey,
    gridkey::{Running, ask, fen, text, yuan},
    payments::paid,
};
use crate::demo::{interrupt::Interrupt, process::pid_of};

const PAUSE: Duration = Duration::from_millis(100);
/// Time for the app to say goodbye and go.
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
    /// Opens the app and stays until it is closed or somebody presses Ctrl-C.
    pub(crate) fn show_app(&mut self, interrupt: &Interrupt) -> Result<()> {
        self.start_feed()?;
        let key = self.key(SHOWN)?;
        let pin = fs::read_to_string(&key.at.pin_file).context("the demo's PIN")?;
        let log = self.layout.log("app");
        println!();
        println!("The app opens with the key of {}.", key.at.customer.as_deref().unwrap_or_default());
        println!();
        println!("  PIN  {}", pin.trim_end());
        println!();
        println!("Things to try:");
        println!("  Overview      the running charge; a reading comes every {} s", 900 / FEED_SPEED);
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
        println!("Everything lies below {}; the app's log is {}.", self.layout.root().display(), log.display());
        println!("Close the window or press Ctrl-C to end.");

        let mut app = self.app_command(&log)?.spawn().context("the app does not start")?;
        let mut asked: Option<Instant> = None;
        let status = loop {
            if let Some(status) = app.try_wait()? {
                break status;
            }
            if asked.is_none() && interrupt.came() {
                asked = Some(Instant::now());
                // From a terminal it has got the signal as well; asked twice, it ends once.
                kill(pid_of(app.id())?, Signal::SIGTERM).ok();
            }
            if asked.is_some_and(|since| since.elapsed() > GOODBYE) {
                app.kill()?;
            }
            thread::sleep(PAUSE);
        };
        if status.success() || asked.is_some() {
            return Ok(());
        }
        let said = fs::read_to_string(&log).unwrap_or_default();
        bail!("the app ended with {status}: {}", said.lines().last().unwrap_or("it said nothing"))
    }

    fn app_command(&self, log: &std::path::Path) -> Result<Command> {
        let key = self.key(SHOWN)?;
        let log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = Command::new(self.bin.join("gridkey-app"));
        command.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
        command.arg("--data-dir").arg(key.folder.join("web"));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(command)
    }

    fn pid(&self, name: &str) -> u32 {
        self.stack.pids.get(name).copied().unwrap_or_default()
    }
}
