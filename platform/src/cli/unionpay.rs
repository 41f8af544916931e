//! `unionpay verify`: whether a saved message is the gateway's, as of a given time.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use gridkey_domain::Timestamp;
use gridkey_service::clock::{Clock as _, SystemClock};
use gridkey_unionpay::{
    Message,
    parse::{MAX_BODY, parse_answer, parse_form},
    verify::{NameRule, UNIONPAY, Verifier},
};

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum UnionpayCommand {
    /// Say whether a saved notification or answer is the gateway's; exit status 1 and the reason if it is not.
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The body as it was received; `-` for standard input.
    file: PathBuf,
    /// The root of the gateway's signing certificates, PEM; by default the configuration's.
    #[arg(long, value_name = "FILE", requires = "middle")]
    root: Option<PathBuf>,
    /// The certificate between that root and them, PEM; by default the configuration's.
    #[arg(long, value_name = "FILE", requires = "root")]
    middle: Option<PathBuf>,
    /// The time at which certificates must be valid (2022-09-08T05:22:06Z, or a date); by default now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
    /// The third part, between @, that the signer's common name must have; by default the configuration's or UnionPay's.
    #[arg(long, value_name = "NAME")]
    common_name: Option<String>,
    /// Accept the name of the gateway's test environment, too.
    #[arg(long)]
    allow_test_name: bool,
    /// How the body is written: a notification (a form post) or a synchronous answer.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// Print the fields as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// An answer if a PEM text stands in it unescaped, otherwise a notification.
    Auto,
    /// A form post, URL-encoded.
    Notification,
    /// `name=value&…`, not encoded.
    Answer,
}

/// Carries out a command.
pub(super) fn run(command: &UnionpayCommand, config: Option<&Path>) -> anyhow::Result<()> {
    let UnionpayCommand::Verify(args) = command;
    let verifier = verifier(args, config)?;
    let body = read(&args.file)?;
    let message = parse(&body, args.format).context("not a message")?;
    let at = args.at.unwrap_or_else(|| SystemClock.now());
    let verified = verifier.verify(message, at).context("not the gateway's")?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let fields: serde_json::Map<_, _> =
            verified.message().fields().map(|(name, value)| (name.to_owned(), value.into())).collect();
        writeln!(out, "{}", serde_json::Value::Object(fields))?;
    } else {
        writeln!(out, "genuine as of {at}, signed by {}", hex::encode(verified.signer_fingerprint()))?;
        for (name, value) in verified.message().fields().filter(|(name, _)| *name != "signPubKeyCert") {
            writeln!(out, "{name}={value}")?;
        }
    }
    Ok(())
}

fn verifier(args: &VerifyArgs, config: Option<&Path>) -> anyhow::Result<Verifier> {
    let configured = match config {
        Some(path) => Config::load(path)?.unionpay,
        None => None,
    };
    let name = || {
        let expected = args.common_name.clone().or_else(|| configured.as_ref().map(|c| c.common_name.clone()));
        let allow_test = args.allow_test_name || configured.as_ref().is_some_and(|c| c.allow_test_name);
        NameRule::new(expected.unwrap_or_else(|| UNIONPAY.to_owned()), allow_test)
    };
    let files = match (&args.root, &args.middle, &configured) {
        (Some(root), Some(middle), _) => (root, middle),
        (_, _, Some(configured)) => (&configured.verify_root, &configured.verify_middle),
        _ => bail!("name --root and --middle, or a configuration with a [unionpay] section"),
    };
    let pem = |path: &PathBuf| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    Ok(Verifier::from_pem(&pem(files.0)?, &pem(files.1)?, name())?)
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut body)?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        opened.take(limit).read_to_end(&mut body)?;
    }
    Ok(body)
}

fn parse(body: &[u8], format: Format) -> anyhow::Result<Message> {
    const PEM: &[u8] = b"-----BEGIN CERTIFICATE";
    let answer = match format {
        Format::Answer => true,
        Format::Notification => false,
        Format::Auto => body.windows(PEM.len()).any(|window| window == PEM),
    };
    Ok(if answer { parse_answer(body)? } else { parse_form(body)? })
}

/// A time, or a date for its noon in Beijing.
fn time(text: &str) -> Result<Timestamp, String> {
    let date = || text.parse::<jiff::civil::Date>().map(|date| Timestamp::from_civil(date.at(12, 0, 0, 0)));
    text.parse().or_else(|_| date()).map_err(|_| "expected 2022-09-08T05:22:06Z or 2022-09-08".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_or_a_date_is_read() {
        assert_eq!(time("2022-09-08T05:22:06Z").unwrap().to_string(), "2022-09-08T05:22:06Z");
        assert_eq!(time("2022-09-08").unwrap().to_string(), "2022-09-08T04:00:00Z");
        assert!(time("yesterday").is_err());
    }

    #[test]
    fn the_way_a_body_is_written_is_seen() {
        assert_eq!(parse(b"a=%41", Format::Auto).unwrap().get("a"), Some("A"));
        let answer = parse(b"a=%41&c=-----BEGIN CERTIFICATE-----", Format::Auto).unwrap();
        assert_eq!(answer.get("a"), Some("%41"));
    }
}
