//! `gridkey usage`: the running month, or a stretch of history.

use gridkey_client::client::{Client, Fetched};
use gridkey_domain::{
    MeterId,
    usage::{Resolution, UsagePoint, UsageSummary},
};
use jiff::ToSpan as _;
use serde_json::json;

use crate::{
    args::UsageArgs,
    exit::{Done, Failure, Kind},
    output::{Align, age, done, pairs, table, to_json},
    setup::Context,
};

/// Runs the command.
pub(super) async fn run(context: &Context, args: UsageArgs) -> Result<Done, Failure> {
    let mut client = context.maybe_online().await?;
    let history = args.from.is_some() || args.to.is_some() || args.resolution.is_some();
    let outcome = if history {
        series(context, &client, args).await
    } else {
        summary(context, &client, args.meter.as_ref()).await
    };
    client.close().await;
    outcome
}

async fn summary(context: &Context, client: &Client, only: Option<&MeterId>) -> Result<Done, Failure> {
    let mut usage = client.usage().await?;
    if let Some(meter) = only {
        usage.value.meters.retain(|usage| usage.meter == *meter);
        if usage.value.meters.is_empty() {
            let said = Failure::new(Kind::Refused, format!("no meter {meter}"));
            return Err(Failure { code: Some("not-found".into()), ..said });
        }
    }
    context.output.fetched("usage", &usage, client.now(), summary_text)?;
    Ok(done(usage.live, context.global.offline))
}

fn summary_text(usage: &UsageSummary) -> String {
    let about = pairs(&[
        ("Month", usage.month.to_string()),
        ("Up to", usage.at.civil().strftime("%Y-%m-%d %H:%M").to_string()),
        ("So far", format!("{} yuan", usage.running)),
    ]);
    let rows: Vec<Vec<String>> = usage
        .meters
        .iter()
        .map(|meter| {
            vec![
                meter.meter.to_string(),
                meter.kwh.sharp.to_string(),
                meter.kwh.peak.to_string(),
                meter.kwh.flat.to_string(),
                meter.kwh.valley.to_string(),
                meter.kwh.total.to_string(),
                meter.kvarh.to_string(),
                meter.max_kw.to_string(),
                meter.pf.to_string(),
                meter.running.to_string(),
            ]
        })
        .collect();
    let head = [
        ("Meter", Align::Left),
        ("Sharp kWh", Align::Right),
        ("Peak", Align::Right),
        ("Flat", Align::Right),
        ("Valley", Align::Right),
        ("Total", Align::Right),
        ("kvarh", Align::Right),
        ("Max kW", Align::Right),
        ("PF", Align::Right),
        ("Yuan", Align::Right),
    ];
    format!("{about}\n{}", table(&head, &rows))
}

async fn series(context: &Context, client: &Client, args: UsageArgs) -> Result<Done, Failure> {
    let today = client.now().date();
    let to = args.to.unwrap_or(today);
    let from = match args.from {
        Some(from) => from,
        None => to.checked_sub(30.days()).map_err(Failure::other)?,
    };
    if from > to {
        return Err(Failure::usage("--from lies after --to"));
    }
    let resolution = args.resolution.map_or(Resolution::Day, Resolution::from);
    let meters: Vec<MeterId> = match args.meter {
        Some(meter) => vec![meter],
        None => client.account().await?.value.meters.into_iter().map(|meter| meter.meter).collect(),
    };
    let mut all: Vec<(MeterId, Fetched<Vec<UsagePoint>>)> = Vec::new();
    for meter in meters {
        let points = client.usage_series(&meter, from, to, resolution).await?;
        all.push((meter, points));
    }
    let live = all.iter().all(|(_, points)| points.live);
    let as_of = all.iter().map(|(_, points)| points.at).min();
    let series: Vec<_> = all.iter().map(|(meter, points)| json!({ "meter": meter, "points": points.value })).collect();
    let value = json!({
        "live": live, "as_of": as_of, "from": from, "to": to, "resolution": to_json(&resolution)?, "series": series,
    });
    context.output.print(&value, || {
        let mut shown = match as_of {
            Some(at) if !live => format!("{}\n\n", age(at, client.now())),
            _ => String::new(),
        };
        for (meter, points) in &all {
            shown.push_str(&series_text(meter, &points.value, resolution));
        }
        shown
    })?;
    Ok(done(live, context.global.offline))
}

fn series_text(meter: &MeterId, points: &[UsagePoint], resolution: Resolution) -> String {
    let form = match resolution {
        Resolution::QuarterHour | Resolution::Hour => "%Y-%m-%d %H:%M",
        Resolution::Day => "%Y-%m-%d",
        Resolution::Month => "%Y-%m",
    };
    let rows: Vec<Vec<String>> = points
        .iter()
        .map(|point| {
            vec![
                // The tariff's days, wherever this computer is.
                point.start.civil().strftime(form).to_string(),
                point.kwh.to_string(),
                point.kvarh.to_string(),
                point.max_kw.to_string(),
            ]
        })
        .collect();
    let head = [("From", Align::Left), ("kWh", Align::Right), ("kvarh", Align::Right), ("Max kW", Align::Right)];
    format!("Meter {meter}\n{}\n", table(&head, &rows))
}
