//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gridkey_client::address::ServerAddress;
use gridkey_domain::{BillId, Fen, MeterId, PaymentId, usage::Resolution};
use jiff::civil::Date;

/// Pay your electricity charges with your USBKEY.
#[derive(Debug, Parser)]
#[command(name = "gridkey", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 done; 1 other failure; 2 wrong use; 3 the key (absent, wrong PIN, locked); 4 not let in; \
    5 no connection (what was kept is shown); 6 refused by the rules; 7 outcome not known yet, or still queued."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Configuration file (TOML)
    #[arg(long, global = true, env = "GRIDKEY_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address of the security server: wss://HOST:PORT/session
    #[arg(long, global = true, env = "GRIDKEY_SERVER", value_name = "URL")]
    pub(crate) server: Option<ServerAddress>,
    /// The company's root certificate
    #[arg(long, global = true, env = "GRIDKEY_ROOT", value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// PKCS#11 module of the USBKEY
    #[arg(long, global = true, env = "GRIDKEY_MODULE", value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
    /// Which token (RFC 7512 `pkcs11:` URI), when there are several
    #[arg(long, global = true, env = "GRIDKEY_URI", value_name = "URI")]
    pub(crate) uri: Option<String>,
    /// A software key's file, instead of a token
    #[arg(long, global = true, env = "GRIDKEY_SOFTWARE", value_name = "FILE")]
    pub(crate) software: Option<PathBuf>,
    /// Folder of the encrypted offline store
    #[arg(long, global = true, env = "GRIDKEY_STORE", value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Read the PIN from this file; else from GRIDKEY_PIN, else it is asked for
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
    /// Try the PIN even if the key says that this is the last try
    #[arg(long, global = true)]
    pub(crate) confirm_last_try: bool,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of notices: en or zh-CN
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) locale: Option<String>,
    /// Do not connect; show what was kept
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Tell on stderr what happens
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Test the key, the server and the session
    Login,
    /// Show the account, or change contact and address
    Account {
        #[command(subcommand)]
        change: Option<AccountCommand>,
    },
    /// Show this month's use, or a stretch of history
    Usage(UsageArgs),
    /// List the bills
    Bills,
    /// Show a bill, check it, or save it as a file
    Bill(BillArgs),
    /// Pay bills, or pay on account
    Pay(PayArgs),
    /// Ask where a payment stands; while it is pending, get a fresh bank page
    Confirm {
        /// The payment
        payment: PaymentId,
        /// Open the bank page in the browser
        #[arg(long)]
        open: bool,
    },
    /// The orders that wait on this computer
    Queue {
        #[command(subcommand)]
        command: Option<QueueCommand>,
    },
    /// List the payments
    History,
    /// Show and verify a receipt
    Receipt(ReceiptArgs),
    /// Show arrears and alarms, or acknowledge one
    Alarms {
        #[command(subcommand)]
        command: Option<AlarmsCommand>,
    },
    /// Stay connected and print what the server pushes; sends queued orders
    Watch(WatchArgs),
    /// Look after the key
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Show or change the settings kept at the server
    Settings(SettingsArgs),
    /// Print a completion script
    Completions {
        /// For this shell
        shell: Shell,
    },
    /// Write the manual pages into a folder
    Man {
        /// The folder
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Change contact or address
    Set {
        /// New contact: a telephone number or mail address
        #[arg(long, required_unless_present = "address")]
        contact: Option<String>,
        /// New postal address
        #[arg(long)]
        address: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct UsageArgs {
    /// Only this meter
    #[arg(long)]
    pub(crate) meter: Option<MeterId>,
    /// First day (YYYY-MM-DD); shows history instead of the running month
    #[arg(long)]
    pub(crate) from: Option<Date>,
    /// Last day, inclusive; today when left out
    #[arg(long)]
    pub(crate) to: Option<Date>,
    /// Step of the history
    #[arg(long, value_enum)]
    pub(crate) resolution: Option<Step>,
}

/// The steps of a history.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Step {
    /// Quarter hours
    #[value(name = "15m")]
    Quarter,
    /// Hours
    Hour,
    /// Days
    Day,
    /// Months
    Month,
}

impl From<Step> for Resolution {
    fn from(step: Step) -> Self {
        match step {
            Step::Quarter => Self::QuarterHour,
            Step::Hour => Self::Hour,
            Step::Day => Self::Day,
            Step::Month => Self::Month,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct BillArgs {
    /// The bill, such as B-2016-01-M1000000011
    pub(crate) bill: BillId,
    /// Reckon its lines and total again by the tariff's rules
    #[arg(long)]
    pub(crate) verify: bool,
    /// Save it in this form: csv
    #[arg(long, value_name = "FORM")]
    pub(crate) document: Option<String>,
    /// Into this file; `-` writes it to stdout
    #[arg(long, value_name = "FILE", requires = "document")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PayArgs {
    /// Bill to pay; may be given several times
    #[arg(long = "bill", value_name = "BILL", num_args = 1.., required_unless_present = "on_account")]
    pub(crate) bills: Vec<BillId>,
    /// Pay only this much of a bill
    #[arg(long = "amount", value_name = "BILL=YUAN", value_parser = bill_amount)]
    pub(crate) amounts: Vec<(BillId, Fen)>,
    /// Pay this much on account instead of bills
    #[arg(long, value_name = "YUAN", conflicts_with_all = ["bills", "amounts"], value_parser = yuan)]
    pub(crate) on_account: Option<Fen>,
    /// Sign the order now and send it later, with `queue send` or `watch`
    #[arg(long)]
    pub(crate) queue: bool,
    /// Open the bank page in the browser
    #[arg(long, conflicts_with = "queue")]
    pub(crate) open: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// List them
    List,
    /// Send them now
    Send,
    /// Withdraw one
    Cancel {
        /// The payment
        payment: PaymentId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The payment
    #[arg(required_unless_present = "verify")]
    pub(crate) payment: Option<PaymentId>,
    /// Save the signed receipt into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Verify a saved receipt with the root certificate alone; needs no key and no network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["payment", "out"])]
    pub(crate) verify: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlarmsCommand {
    /// List them
    List,
    /// Acknowledge one
    Ack {
        /// The alarm
        alarm: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// End after a push of this kind: arrears, bill, payment, account, notice or key
    #[arg(long, value_name = "KIND")]
    pub(crate) until: Option<String>,
    /// End after so many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// List the tokens of the PKCS#11 module
    List,
    /// Show the key and its certificates; needs no PIN
    Info,
    /// Set up a blank token (or a new software key) and write its certificate request
    Init {
        /// Label of the token
        #[arg(long)]
        label: String,
        /// Slot of the blank token; the only blank one when left out
        #[arg(long)]
        slot: Option<u64>,
        /// File with the security officer's PIN
        #[arg(long, value_name = "FILE")]
        so_pin_file: Option<PathBuf>,
        /// Folder for request.pem and agreement.hex
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// The PIN is an issued one: whoever gets the key must change it at first use
        #[arg(long)]
        issued_pin: bool,
    },
    /// Write a certificate request for the key that is on the token
    Request {
        /// Folder for request.pem and agreement.hex
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Store issued certificates on the token
    Import {
        /// Certificates of the signing key: leaf, then issuing (PEM)
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// Certificate of the X25519 key (PEM)
        #[arg(long, value_name = "FILE")]
        agreement: Option<PathBuf>,
        /// Make the software key (--software) from this private key (PKCS#8 PEM)
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// The PIN is an issued one: whoever gets the key must change it at first use
        #[arg(long)]
        issued_pin: bool,
    },
    /// Change the PIN
    ChangePin {
        /// Read the new PIN from this file; else it is asked for
        #[arg(long, value_name = "FILE")]
        new_pin_file: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SettingsArgs {
    /// Language of notices kept at the server: en or zh-CN
    #[arg(long)]
    pub(crate) language: Option<String>,
    /// Whether arrears are notified
    #[arg(long, value_name = "BOOL")]
    pub(crate) notify_arrears: Option<bool>,
    /// Whether new bills are notified
    #[arg(long, value_name = "BOOL")]
    pub(crate) notify_bills: Option<bool>,
    /// Whether payment results are notified
    #[arg(long, value_name = "BOOL")]
    pub(crate) notify_payments: Option<bool>,
}

fn yuan(text: &str) -> Result<Fen, String> {
    Fen::from_yuan(text).map_err(|error| error.to_string())
}

fn bill_amount(text: &str) -> Result<(BillId, Fen), String> {
    let (bill, amount) = text.split_once('=').ok_or("BILL=YUAN expected")?;
    Ok((bill.parse().map_err(|_| "not a bill number")?, yuan(amount)?))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_amount_names_its_bill() {
        assert!(bill_amount("B-2016-01-M1=12.50").is_ok_and(|(_, amount)| amount.get() == 1250));
        assert!(bill_amount("12.50").is_err());
        assert!(bill_amount("B=1.234").is_err());
    }
}
