//! `gridkey bill`: one bill, reckoned again if asked, or as a file.

use std::path::Path;

use gridkey_client::{bill_check, client::Client};
use gridkey_domain::{BillId, bill::Bill};
use serde_json::json;

use crate::{
    args::BillArgs,
    exit::{Done, Failure, Kind},
    output::{self, Align, age, done, pairs, table, to_json, yuan},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, args: BillArgs) -> Result<Done, Failure> {
    let mut client = context.maybe_online().await?;
    let outcome = match &args.document {
        Some(format) => document(context, &client, &args.bill, format, args.out.as_deref()).await,
        None => show(context, &client, &args).await,
    };
    client.close().await;
    outcome
}

async fn document(
    context: &Context,
    client: &Client,
    bill: &BillId,
    format: &str,
    out: Option<&Path>,
) -> Result<Done, Failure> {
    let document = client.bill_document(bill, format).await?;
    let to_stdout = out.is_some_and(|path| path.as_os_str() == "-");
    if to_stdout {
        output::bytes(document.content.as_ref())?;
        return Ok(Done::Ok);
    }
    // The server proposes a name; only its last part counts, so that nothing is written elsewhere, and no hidden file.
    let proposed = Path::new(&document.file_name).file_name().filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    let path = match (out, proposed) {
        (Some(path), _) => path.to_owned(),
        (None, Some(name)) => name.into(),
        (None, None) => format!("{bill}.{format}").into(),
    };
    std::fs::write(&path, &document.content).map_err(|error| Failure::file(&path, &error))?;
    let value = json!({
        "bill": bill, "format": document.format, "media_type": document.media_type,
        "file": path, "bytes": document.content.0.len(),
    });
    context.output.print(&value, || format!("{} written", path.display()))?;
    Ok(Done::Ok)
}

async fn show(context: &Context, client: &Client, args: &BillArgs) -> Result<Done, Failure> {
    let bill = client.bill(&args.bill).await?;
    let findings = args.verify.then(|| bill_check::check(&bill.value));
    let mut value = json!({ "live": bill.live, "as_of": bill.at, "bill": to_json(&bill.value)? });
    if let (Some(findings), Some(fields)) = (&findings, value.as_object_mut()) {
        let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
        fields.insert("verified".into(), json!(findings.is_empty()));
        fields.insert("findings".into(), json!(texts));
    }
    context.output.print(&value, || {
        let mut shown = if bill.live { String::new() } else { format!("{}\n\n", age(bill.at, client.now())) };
        shown.push_str(&text(&bill.value));
        match &findings {
            Some(findings) if findings.is_empty() => {
                shown.push_str("\nReckoned again: every line and the total agree.\n");
            }
            Some(findings) => {
                shown.push_str("\nReckoned again:\n");
                for finding in findings {
                    shown.push_str(&format!("  {finding}\n"));
                }
            }
            None => {}
        }
        shown
    })?;
    if findings.is_some_and(|findings| !findings.is_empty()) {
        return Err(Failure::new(Kind::Other, format!("bill {} does not agree with the tariff's rules", args.bill)));
    }
    Ok(done(bill.live, context.global.offline))
}

fn text(bill: &Bill) -> String {
    let word = |value: &dyn erased::Word| value.word();
    let about = pairs(&[
        ("Bill", bill.bill.to_string()),
        ("Meter", bill.meter.to_string()),
        ("Month", bill.month.to_string()),
        ("Issued", bill.issued.to_string()),
        ("Due", bill.due.to_string()),
        ("kvarh", bill.kvarh.to_string()),
        ("Highest kW", bill.max_kw.to_string()),
        ("Power factor", bill.pf.to_string()),
        ("State", word(&bill.state)),
    ]);
    let mut rows: Vec<Vec<String>> = bill
        .lines
        .iter()
        .map(|line| vec![word(&line.kind), line.quantity.to_string(), line.price.to_string(), yuan(line.amount)])
        .collect();
    rows.push(vec!["total".into(), String::new(), String::new(), bill.total.to_string()]);
    rows.push(vec!["open".into(), String::new(), String::new(), bill.open.to_string()]);
    let head = [("Line", Align::Left), ("Quantity", Align::Right), ("Price", Align::Right), ("Yuan", Align::Right)];
    format!("{about}\n{}", table(&head, &rows))
}

/// The wire's word of an enum, for tables.
mod erased {
    use serde::Serialize;

    pub(super) trait Word {
        fn word(&self) -> String;
    }

    impl<T: Serialize> Word for T {
        fn word(&self) -> String {
            let value = crate::output::to_json(self).unwrap_or_default();
            value.as_str().unwrap_or_default().to_owned()
        }
    }
}
