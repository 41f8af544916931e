//! The customer's journey, in order. One file for each group of steps; a step that nobody has written yet fails and says so.

mod provision;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    config::Plan,
    layout::Layout,
    process::{Daemon, Running},
    stack::{Platform, Sandbox, Server, Stack},
    step::Report,
};

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
    Step { name: "wrong-pin", needs: &["provision"], run: unwritten },
    Step { name: "login", needs: &["provision"], run: unwritten },
    Step { name: "account", needs: &["login"], run: unwritten },
    Step { name: "usage", needs: &["login"], run: unwritten },
    Step { name: "bills", needs: &["login"], run: unwritten },
    Step { name: "bill-recomputed", needs: &["bills"], run: unwritten },
    Step { name: "alarm", needs: &["login"], run: unwritten },
    Step { name: "e-bill", needs: &["login"], run: unwritten },
    Step { name: "pay", needs: &["bills"], run: unwritten },
    Step { name: "receipt", needs: &["pay"], run: unwritten },
    Step { name: "history", needs: &["pay"], run: unwritten },
    Step { name: "offline-queue", needs: &["bills"], run: unwritten },
    Step { name: "duplicate", needs: &["pay"], run: unwritten },
    Step { name: "update-account", needs: &["login"], run: unwritten },
    Step { name: "stranger", needs: &["provision"], run: unwritten },
    Step { name: "unbind", needs: &["login"], run: unwritten },
    Step { name: "audit", needs: &["login"], run: unwritten },
];

fn unwritten(_: &mut Journey) -> Result<String> {
    bail!("this step is not written yet")
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

/// What the steps share: the files, the programs and what runs.
pub(crate) struct Journey {
    layout: Layout,
    plan: Plan,
    /// The folder of the programs.
    bin: PathBuf,
    stack: Stack,
    running: Vec<Running>,
    /// Whether the stack is to stay when the journey is over.
    keep: bool,
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
                admin: None,
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
        Ok(Self { layout, plan, bin, stack, running: Vec::new(), keep })
    }

    /// One of the workspace's programs. The server's HSM is at hand, other tokens need their own `SOFTHSM2_CONF`.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.env("SOFTHSM2_CONF", &self.plan.server_tokens);
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

    /// Leaves everything running and says how to reach it, or stops it, as was asked for.
    pub(crate) fn end(self) -> Result<()> {
        if !self.keep {
            return self.stop();
        }
        let file = self.layout.stack();
        self.stack.write(&file)?;
        println!();
        println!("The stack keeps running; the next `cargo xtask demo` stops it.");
        println!("  sessions  {}", self.stack.server.session);
        println!("  pages     {}", self.stack.server.public);
        println!("  gateway   {}", self.stack.sandbox.url);
        println!("  metrics   {}  {}", self.stack.server.metrics, self.stack.platform.metrics);
        println!("  all of it {}", file.display());
        Ok(())
    }

    /// Stops everything, last started first.
    fn stop(mut self) -> Result<()> {
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
