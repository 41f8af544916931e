//! The security server's program: sets itself up, serves, and carries out an operator's commands.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use gridkey_domain::CustomerNo;
use gridkey_server::{
    config::Config,
    control::EndKeys,
    hsm::HsmError,
    operator,
    provision::{
        check::check,
        dev_key::{self, DevKey, Holder},
        init::{AdminRequest, init},
    },
    recovery, run,
    store::{AdminRole, KeyState},
};
use gridkey_service::{
    clock::{Clock as _, SystemClock},
    probe, shutdown, supervisor, telemetry,
};

/// Something is open that a person must look at.
const OPEN: u8 = 3;

/// The security server of Gridkey.
#[derive(Parser)]
#[command(name = "gridkey-server", version, about)]
struct Cli {
    /// The configuration file.
    #[arg(long, env = "GRIDKEY_SERVER_CONFIG", default_value = "gridkey-server.toml", global = true)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up tokens, keys, certificates, the database and the first administrator's key. Refuses to do it twice.
    Init(InitArgs),
    /// Serve.
    Serve,
    /// Tell whether the server could start: configuration, HSM, certificates, database.
    Check,
    /// Tell whether the running server is well, as its operations listener does. Exit status 1 if not.
    Health,
    /// Issue and bind a key for trials; only when the configuration allows software keys.
    DevKey(DevKeyArgs),
    /// End the relation between keys and their customer.
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Make the TLS certificate of the sessions, that of the receipts and the envelope key anew, before the server does by itself.
    RenewCertificates,
    /// Write everything that is kept to one file, while the server runs or not, or verify such a file.
    Backup(BackupArgs),
    /// Restore a backup into an empty database, and compare with what others know. Exit status 3 if something is open.
    Restore(RestoreArgs),
    /// The audit chain.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Subcommand)]
enum KeyCommand {
    /// A key was reported lost: its sessions are cut, its waiting orders refused, its certificates revoked.
    Lost(Which),
    /// The customer gives the key back.
    Unbind(Which),
    /// The certificate is withdrawn.
    Revoke(Which),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// One key: the SHA-256 of its certificate in hex.
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<String>,
    /// Every bound key of this customer.
    #[arg(long)]
    customer: Option<CustomerNo>,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verify every entry, and that the chain reaches the newest head lodged at the platform. Exit status 1 if not.
    Verify,
}

#[derive(Args)]
struct BackupArgs {
    /// Write a backup to this new file. It holds personal data: keep it as you keep the database.
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    out: Option<PathBuf>,
    /// Say whether this backup is whole, and what it holds, without restoring it.
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    verify: Option<PathBuf>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct RestoreArgs {
    /// The backup. The server does not serve on it before --acknowledge.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Compare with the platform and the revocation list once more.
    #[arg(long)]
    compare: bool,
    /// What was reported is seen to: let the server serve.
    #[arg(long)]
    acknowledge: bool,
}

#[derive(Args)]
struct InitArgs {
    /// The administrator's PKCS#10 request, made on the token (PEM or DER).
    #[arg(long, value_name = "FILE", requires = "admin_out")]
    admin_csr: Option<PathBuf>,
    /// The folder for the administrator's certificate.pem (and key.pem, where software keys are allowed and no request is given).
    #[arg(long, value_name = "DIR")]
    admin_out: Option<PathBuf>,
}

#[derive(Args)]
struct DevKeyArgs {
    /// The customer the key is bound to.
    #[arg(long, required_unless_present = "admin", conflicts_with = "admin")]
    customer: Option<CustomerNo>,
    /// Make an administrator's key of this name instead.
    #[arg(long, value_name = "NAME", requires = "role")]
    admin: Option<String>,
    /// What the administrator may do: operator, security-officer or auditor.
    #[arg(long, requires = "admin")]
    role: Option<AdminRole>,
    /// The folder for the files.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A PKCS#10 request made on a token; without it a key file is made.
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
    /// The token's X25519 public key, 32 bytes in hex.
    #[arg(long, value_name = "FILE", requires = "csr")]
    agreement_public_key: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(gridkey_surreal::WORKER_STACK_BYTES)
        .build();
    let result = runtime.context("starting the runtime").and_then(|runtime| {
        // On a worker thread: the embedded database needs its larger stack.
        runtime.block_on(async { tokio::spawn(carry_out(cli)).await.context("the command broke off")? })
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gridkey-server: {error:#}");
            // A token that refuses its PIN or the operation is one that must not be asked again and again: it would lock itself.
            let refused = error.chain().any(|error| matches!(error.downcast_ref(), Some(HsmError::Refused(_))));
            let waits = error.chain().any(|error| error.is::<recovery::NotAcknowledged>());
            let misconfigured = refused || waits || supervisor::is_misconfiguration(error.chain());
            if misconfigured { ExitCode::from(supervisor::MISCONFIGURED) } else { ExitCode::FAILURE }
        }
    }
}

async fn carry_out(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(&cli.config)?;
    telemetry::init(config.log.format);
    let now = SystemClock.now();
    match cli.command {
        Command::Init(arguments) => {
            let admin = arguments.admin_out.map(|out| AdminRequest { csr: arguments.admin_csr, out });
            for line in init(&config, admin, now).await? {
                println!("{line}");
            }
        }
        Command::Serve => run::serve(config, shutdown::on_signals().context("signals")?).await?,
        Command::Check => {
            let mut all = true;
            for (name, found) in check(&config, now).await {
                all &= found.is_ok();
                match found {
                    Ok(detail) => println!("ok    {name}: {detail}"),
                    Err(why) => println!("FAIL  {name}: {why}"),
                }
            }
            return Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Health => {
            let answer = probe::ask(config.ops.listen, "/healthz").await.context("the server does not answer")?;
            println!("{}", answer.body);
            return Ok(if answer.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::DevKey(arguments) => {
            let holder = match (arguments.customer, arguments.admin, arguments.role) {
                (Some(customer), ..) => Holder::Customer(customer),
                (None, Some(name), Some(role)) => Holder::Admin(name, role),
                (None, ..) => anyhow::bail!("--customer, or --admin with --role, is needed"),
            };
            let asked = DevKey {
                holder,
                out: arguments.out,
                csr: arguments.csr,
                agreement_public_key: arguments.agreement_public_key,
            };
            let fingerprint = dev_key::run(&config, &asked, now).await?;
            println!("{fingerprint}");
        }
        Command::Key { command } => {
            let (state, which) = match command {
                KeyCommand::Lost(which) => (KeyState::Lost, which),
                KeyCommand::Unbind(which) => (KeyState::Unbound, which),
                KeyCommand::Revoke(which) => (KeyState::Revoked, which),
            };
            let asked = EndKeys { state, fingerprint: which.fingerprint, customer: which.customer };
            println!("{}", operator::end_keys(&config, &asked, now).await?);
        }
        Command::RenewCertificates => println!("{}", operator::renew_certificates(&config, now).await?),
        Command::Backup(BackupArgs { out: Some(out), .. }) => {
            println!("{}", recovery::backup(&config, &out, now).await?);
        }
        Command::Backup(BackupArgs { verify, .. }) => {
            println!("{}", recovery::verify_backup(&verify.context("--out or --verify is needed")?)?);
        }
        Command::Restore(RestoreArgs { from, acknowledge, .. }) => {
            if acknowledge {
                recovery::acknowledge(&config, now).await?;
                println!("the server may serve");
                return Ok(ExitCode::SUCCESS);
            }
            let (restored, compared) = match from {
                Some(from) => {
                    let (restored, compared) = recovery::restore(&config, &from, now).await?;
                    (Some(restored), compared)
                }
                None => (None, recovery::compare(&config, now).await?),
            };
            for sentence in &compared.open {
                eprintln!("OPEN  {sentence}");
            }
            println!("{}", serde_json::json!({ "restored": restored, "compared": compared }));
            return Ok(if compared.open.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(OPEN) });
        }
        Command::Audit { command: AuditCommand::Verify } => {
            let verdict = operator::verify_audit(&config).await?;
            println!("{verdict}");
            return Ok(if verdict["ok"] == true { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}
