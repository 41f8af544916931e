//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use gridkey_client::address::ServerAddress;
use gridkey_domain::{
    BillId, CustomerNo, PaymentId, PaymentState,
    key::{AdminRole, KeyState},
};

/// Look after keys, customers, sessions and evidence with an administrator's USBKEY.
#[derive(Debug, Parser)]
#[command(name = "gridkey-admin", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 done; 1 other failure, or what was verified does not hold; 2 wrong use; 3 the key; 4 not let in; \
    5 no connection; 6 refused by the rules; 7 outcome not known."
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
    /// Configuration file (TOML), with the keys of `gridkey`'s
    #[arg(long, global = true, env = "GRIDKEY_ADMIN_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address of the administrators' listener: wss://HOST:PORT/session
    #[arg(long, global = true, env = "GRIDKEY_ADMIN_SERVER", value_name = "URL")]
    pub(crate) server: Option<ServerAddress>,
    /// The company's root certificate
    #[arg(long, global = true, env = "GRIDKEY_ROOT", value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// PKCS#11 module of the administrator's USBKEY
    #[arg(long, global = true, env = "GRIDKEY_MODULE", value_name = "FILE")]
    pub(crate) module: Option<PathBuf>,
    /// Which token is the administrator's (RFC 7512 `pkcs11:` URI)
    #[arg(long, global = true, env = "GRIDKEY_ADMIN_URI", value_name = "URI")]
    pub(crate) uri: Option<String>,
    /// A software key's file, instead of a token
    #[arg(long, global = true, env = "GRIDKEY_ADMIN_SOFTWARE", value_name = "FILE")]
    pub(crate) software: Option<PathBuf>,
    /// Read the administrator's PIN from this file; else from GRIDKEY_ADMIN_PIN, else it is asked for
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
    /// Try the PIN even if the key says that this is the last try
    #[arg(long, global = true)]
    pub(crate) confirm_last_try: bool,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Tell on stderr what happens
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show how the server and what it leans on are doing
    Status,
    /// Keys
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Live sessions
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Customers
    Customer {
        #[command(subcommand)]
        command: CustomerCommand,
    },
    /// Bills
    Bill {
        #[command(subcommand)]
        command: BillCommand,
    },
    /// Arrears
    Arrears {
        #[command(subcommand)]
        command: ArrearsCommand,
    },
    /// Payments
    Payment {
        #[command(subcommand)]
        command: PaymentCommand,
    },
    /// The audit chain
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Fetch the newest revocation list
    Crl {
        /// The file for it, DER
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// The blank token in the reader.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// PKCS#11 module of the reader with the blank token; the administrator's unless given
    #[arg(long, value_name = "FILE")]
    pub(crate) token_module: Option<PathBuf>,
    /// Slot of the blank token; the first blank one unless given
    #[arg(long, value_name = "NUMBER")]
    pub(crate) slot: Option<u64>,
    /// Set up a token that is not blank, and destroy what it holds
    #[arg(long, requires = "slot")]
    pub(crate) erase: bool,
    /// The label that the token gets; in a batch the file says it, or it is the customer's number
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// The PIN of the token's security officer
    #[arg(long, value_name = "FILE")]
    pub(crate) so_pin_file: PathBuf,
    /// The PIN that its holder gets, and must change
    #[arg(long, value_name = "FILE")]
    pub(crate) user_pin_file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Set up a blank token for a first administrator: pairs on it, and a request for `gridkey-server`
    Init {
        #[command(flatten)]
        bench: Bench,
        /// The file for the PKCS#10 request
        #[arg(long, value_name = "FILE")]
        csr: PathBuf,
    },
    /// Write the certificates that `gridkey-server` made for `key init` to the token
    Write {
        /// The certificates, PEM: the key's own, then the issuing one
        #[arg(long, value_name = "FILE")]
        certificates: PathBuf,
    },
    /// Set a forgotten or locked PIN anew on the token in the reader (--module, --uri); its holder must change it
    Unblock {
        /// The PIN of the token's security officer
        #[arg(long, value_name = "FILE")]
        so_pin_file: PathBuf,
        /// The PIN that its holder gets
        #[arg(long, value_name = "FILE")]
        user_pin_file: PathBuf,
    },
    /// Make a key: from a blank token in the reader to a bound key in its holder's hand
    Issue {
        #[command(flatten)]
        bench: Bench,
        /// The customer it is for
        #[arg(long, required_unless_present_any = ["admin", "batch"], conflicts_with = "admin")]
        customer: Option<CustomerNo>,
        /// A key for each customer of a CSV file (customer[,label]), one blank token after another
        #[arg(long, value_name = "FILE", conflicts_with_all = ["customer", "admin", "replaces", "record", "erase", "label"])]
        batch: Option<PathBuf>,
        /// The folder for the records that go with the keys of a batch
        #[arg(long, value_name = "DIR", requires = "batch")]
        records: Option<PathBuf>,
        /// The administrator it is for: the name of the post
        #[arg(long, value_name = "NAME", requires = "role")]
        admin: Option<String>,
        /// What the administrator may do: operator, security-officer or auditor
        #[arg(long, requires = "admin")]
        role: Option<AdminRole>,
        /// The customer's key whose place it takes
        #[arg(long, value_name = "HEX", requires = "customer")]
        replaces: Option<String>,
        /// Leave it issued; `key bind` or `key replace` follows
        #[arg(long, conflicts_with = "replaces")]
        no_bind: bool,
        /// The file for the record that goes with the key
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
    },
    /// Bind an issued key to its holder
    Bind {
        /// The key: SHA-256 of its certificate in hex
        #[arg(long, value_name = "HEX")]
        key: String,
        /// The customer; none for an administrator's key
        #[arg(long)]
        customer: Option<CustomerNo>,
    },
    /// A key is given back
    Unbind(End),
    /// A key is reported lost
    Lost(End),
    /// A key's certificates are withdrawn
    Revoke(End),
    /// Bind an issued key in another's place
    Replace {
        /// The key that goes
        #[arg(long, value_name = "HEX")]
        old: String,
        /// The key that comes
        #[arg(long, value_name = "HEX")]
        new: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List keys
    List {
        /// Of this customer
        #[arg(long)]
        customer: Option<CustomerNo>,
        /// In this state
        #[arg(long, value_parser = state)]
        state: Option<KeyState>,
        /// Administrators' keys only
        #[arg(long)]
        admins: bool,
        /// Bound ones whose certificates end within so many days
        #[arg(long, value_name = "DAYS")]
        ending: Option<u32>,
    },
    /// Show a key and its life
    Show {
        /// The key
        #[arg(long, value_name = "HEX")]
        key: String,
    },
}

fn state(text: &str) -> Result<KeyState, String> {
    KeyState::from_name(text).ok_or_else(|| {
        let names: Vec<_> = KeyState::ALL.iter().map(|state| state.as_str()).collect();
        format!("one of {} expected", names.join(", "))
    })
}

/// Which key ends.
#[derive(Debug, Args)]
pub(crate) struct End {
    /// The key: SHA-256 of its certificate in hex
    #[arg(long, value_name = "HEX", required_unless_present = "customer", conflicts_with = "customer")]
    pub(crate) key: Option<String>,
    /// Every bound key of this customer
    #[arg(long)]
    pub(crate) customer: Option<CustomerNo>,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// List the live sessions
    List,
    /// End one
    Cut {
        /// Its name
        session: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// Find customers by number or name
    Search {
        /// The beginning of a number, or a name
        text: String,
    },
    /// Show a customer and its keys
    Get {
        /// Its number
        customer: CustomerNo,
    },
    /// Make a customer
    Create {
        /// Its number
        customer: CustomerNo,
        /// Its name
        #[arg(long)]
        name: String,
        /// Its name in Chinese
        #[arg(long)]
        name_zh: String,
        /// What it is
        #[arg(long, default_value = "industrial")]
        kind: String,
        /// Its grade
        #[arg(long)]
        grade: String,
        /// How it is reached
        #[arg(long)]
        contact: String,
        /// Where it is
        #[arg(long)]
        address: String,
    },
    /// Change how a customer is reached, or where it is
    #[command(group = clap::ArgGroup::new("change").args(["contact", "address"]).required(true).multiple(true))]
    Update {
        /// Its number
        customer: CustomerNo,
        /// How it is reached
        #[arg(long)]
        contact: Option<String>,
        /// Where it is
        #[arg(long)]
        address: Option<String>,
    },
    /// Make the customers of a CSV file: customer,name,name_zh,type,grade,contact,address,meter,basic,capacity_kva,voltage_kv
    Import {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BillCommand {
    /// Send a customer a bill once more
    Push {
        /// Whose
        #[arg(long)]
        customer: CustomerNo,
        /// The bill
        bill: BillId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArrearsCommand {
    /// List the customers that are in arrears
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PaymentCommand {
    /// Find payments of a customer, in a state, or both
    #[command(group = clap::ArgGroup::new("which").args(["customer", "state"]).required(true).multiple(true))]
    Search {
        /// Of this customer, newest first
        #[arg(long)]
        customer: Option<CustomerNo>,
        /// In this state; without a customer the 200 oldest
        #[arg(long, value_parser = payment_state)]
        state: Option<PaymentState>,
    },
    /// Show a payment and every state it was in
    Show {
        /// Whose
        #[arg(long)]
        customer: CustomerNo,
        /// The payment
        payment: PaymentId,
    },
    /// Give a payment back, the whole of it; its bills are due again once the gateway has confirmed it
    Refund {
        /// Whose
        #[arg(long)]
        customer: CustomerNo,
        /// The payment
        payment: PaymentId,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

fn payment_state(text: &str) -> Result<PaymentState, String> {
    // No server knows of an order that its client still keeps.
    let known = PaymentState::ALL.into_iter().filter(|state| *state != PaymentState::Queued);
    let names: Vec<_> = known.map(PaymentState::as_str).collect();
    let found = PaymentState::from_name(text).filter(|_| names.contains(&text));
    found.ok_or_else(|| format!("one of {} expected", names.join(", ")))
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List entries
    List {
        /// The first number; the newest entries unless given
        #[arg(long)]
        from: Option<u64>,
        /// At most so many
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Verify the chain
    Verify,
    /// Save the entries of a case as JSON
    Export {
        /// Entries that concern this customer
        #[arg(long, required_unless_present = "payment")]
        customer: Option<CustomerNo>,
        /// Entries of this payment
        #[arg(long)]
        payment: Option<PaymentId>,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}
