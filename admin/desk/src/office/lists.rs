//! Lists that come page by page: asking for a page, for as many as are shown, for the next one.

use gridkey_client::app::Problem as Common;
use gridkey_domain::bill::BillSummary;
use gridkey_protocol::{
    frame::Role,
    ops::{
        self, Page,
        admin::{
            audit::ListBody,
            bills::ArrearsLine,
            customers::{CustomerLine, PageBody, SearchBody},
            keys::{KeyDetail, KeyListBody},
            payments::{PaymentLine, SearchBody as PaymentSearchBody},
            sessions::LiveSession,
        },
        alarms::Alarm,
    },
};

use super::{
    AuditLine, Paged, Problem, Section, Snapshot, Topic,
    actor::{Actor, Then, then},
    audit::line,
    loads::append,
};
use crate::desk::Desk;

/// Pages asked for in one go at most.
const PAGES: usize = 20;
/// Audit entries in a page.
const ENTRIES: u64 = 100;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// A page and where the next begins.
type Fetched<T> = Result<(Vec<T>, Option<String>), Problem>;

/// How many items of a list are shown: so many are asked for again.
pub(super) fn known(shown: &Snapshot, topic: &Topic) -> usize {
    fn count<T>(section: Option<&Section<Paged<T>>>) -> usize {
        section.and_then(Section::get).map_or(0, |list| list.items.len())
    }
    match topic {
        Topic::Customers(text) => count(shown.customers.get(text)),
        Topic::Bills(customer) => count(shown.bills.get(customer)),
        Topic::Alarms(customer) => count(shown.alarms.get(customer)),
        Topic::Keys(query) => count(shown.keys.get(query)),
        Topic::Arrears => count(Some(&shown.arrears)),
        Topic::Payments(query) => count(shown.payments.get(query)),
        Topic::Audit(query) => count(shown.audit.get(query)),
        _ => 0,
    }
}

/// The first page, and more until there are `wanted` items.
pub(super) async fn several<T, F>(desk: &Desk, topic: &Topic, wanted: usize, page: F) -> Result<Paged<T>, Problem>
where
    F: AsyncFn(&Desk, &Topic, Option<String>) -> Fetched<T>,
{
    from(desk, topic, None, wanted, page).await
}

/// As [`several`], from `next` on. A page may be empty though there are more.
async fn from<T, F>(
    desk: &Desk,
    topic: &Topic,
    mut next: Option<String>,
    wanted: usize,
    page: F,
) -> Result<Paged<T>, Problem>
where
    F: AsyncFn(&Desk, &Topic, Option<String>) -> Fetched<T>,
{
    let mut items = Vec::new();
    for _ in 0..PAGES {
        let (more, after) = page(desk, topic, next).await?;
        items.extend(more);
        next = after;
        if next.is_none() || (!items.is_empty() && items.len() >= wanted) {
            break;
        }
    }
    Ok(Paged::part(items, next))
}

pub(super) async fn customers(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<CustomerLine> {
    let Topic::Customers(text) = topic else { return Ok((Vec::new(), None)) };
    let page = desk.read::<ops::CustomerSearch>(&SearchBody { text: text.clone(), next }).await;
    page.map(|page| (page.customers, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn bills(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<BillSummary> {
    let Topic::Bills(customer) = topic else { return Ok((Vec::new(), None)) };
    let page = desk.read::<ops::CustomerBills>(&PageBody { customer: customer.clone(), next }).await;
    page.map(|page| (page.bills, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn alarms(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<Alarm> {
    let Topic::Alarms(customer) = topic else { return Ok((Vec::new(), None)) };
    let page = desk.read::<ops::CustomerAlarms>(&PageBody { customer: customer.clone(), next }).await;
    page.map(|page| (page.events, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn keys(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<KeyDetail> {
    let Topic::Keys(query) = topic else { return Ok((Vec::new(), None)) };
    let body = KeyListBody {
        customer: query.customer.clone(),
        state: query.state,
        role: query.admins.map(|admins| if admins { Role::Admin } else { Role::Customer }),
        ending_before: query.ending_days.map(|days| desk.now().plus_seconds(i64::from(days) * DAY)),
        next,
        limit: None,
    };
    let page = desk.read::<ops::KeyList>(&body).await;
    page.map(|page| (page.keys, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn sessions(desk: &Desk, _: &Topic, next: Option<String>) -> Fetched<LiveSession> {
    let page = desk.read::<ops::SessionList>(&Page { next }).await;
    page.map(|page| (page.sessions, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn arrears(desk: &Desk, _: &Topic, next: Option<String>) -> Fetched<ArrearsLine> {
    let page = desk.read::<ops::ArrearsList>(&Page { next }).await;
    page.map(|page| (page.customers, page.next)).map_err(|error| Problem::from(&error))
}

pub(super) async fn payments(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<PaymentLine> {
    let Topic::Payments(query) = topic else { return Ok((Vec::new(), None)) };
    let body = PaymentSearchBody { customer: query.customer.clone(), state: query.state, next };
    let page = desk.read::<ops::PaymentSearch>(&body).await;
    page.map(|page| (page.payments, page.next)).map_err(|error| Problem::from(&error))
}

/// A stretch of the audit chain, the newest entry first; `next` is the last number of the stretch before.
pub(super) async fn audit(desk: &Desk, topic: &Topic, next: Option<String>) -> Fetched<AuditLine> {
    let Topic::Audit(query) = topic else { return Ok((Vec::new(), None)) };
    let until = next.and_then(|next| next.parse().ok()).or(query.until);
    let from = until.map(|until| until.saturating_sub(ENTRIES - 1));
    let mut body = ListBody { from, limit: u32::try_from(ENTRIES).ok() };
    let mut entries = Vec::new();
    loop {
        // Long entries make short pages: whatever is between here and the end of the stretch follows.
        let page = desk.read::<ops::AuditList>(&body).await.map_err(|error| Problem::from(&error))?;
        entries.extend(page.entries);
        let reached = until.is_some_and(|until| entries.last().is_none_or(|entry| entry.number >= until));
        match page.next {
            Some(next) if !reached => body.from = Some(next),
            _ => break,
        }
    }
    entries.retain(|entry| until.is_none_or(|until| entry.number <= until));
    let before = entries.first().and_then(|first| first.number.checked_sub(1));
    Ok((entries.iter().rev().map(line).collect(), before.map(|number| number.to_string())))
}

/// Marks a list's next page as being fetched, and tells where it begins.
fn begin<T: Clone>(section: Option<&mut Section<Paged<T>>>) -> Option<String> {
    let list = &mut std::sync::Arc::make_mut(section?.value.as_mut()?).value;
    if list.loading {
        return None;
    }
    let next = list.next.clone()?;
    list.loading = true;
    Some(next)
}

impl Actor {
    /// Fetches the next page of a list.
    pub(super) fn more(&mut self, topic: Topic) {
        let shown = &mut self.shown;
        let next = match &topic {
            Topic::Customers(text) => begin(shown.customers.get_mut(text)),
            Topic::Bills(customer) => begin(shown.bills.get_mut(customer)),
            Topic::Alarms(customer) => begin(shown.alarms.get_mut(customer)),
            Topic::Keys(query) => begin(shown.keys.get_mut(query)),
            Topic::Arrears => begin(Some(&mut shown.arrears)),
            Topic::Payments(query) => begin(shown.payments.get_mut(query)),
            Topic::Audit(query) => begin(shown.audit.get_mut(query)),
            _ => None,
        };
        let (Some(next), Some(inside)) = (next, &self.inside) else { return };
        let desk = inside.desk();
        self.work.spawn(async move { next_page(desk.as_deref(), topic, Some(next)).await });
    }
}

async fn next_page(desk: Option<&Desk>, topic: Topic, next: Option<String>) -> Then {
    async fn page<T, F>(desk: Option<&Desk>, topic: &Topic, next: Option<String>, page: F) -> Result<Paged<T>, Problem>
    where
        F: AsyncFn(&Desk, &Topic, Option<String>) -> Fetched<T>,
    {
        let desk = desk.ok_or(Problem::Common(Common::Offline))?;
        from(desk, topic, next, 1, page).await
    }
    match &topic {
        Topic::Customers(text) => {
            let (text, page) = (text.clone(), page(desk, &topic, next, customers).await);
            then(move |actor| append(actor.shown.customers.get_mut(&text), page))
        }
        Topic::Bills(customer) => {
            let (customer, page) = (customer.clone(), page(desk, &topic, next, bills).await);
            then(move |actor| append(actor.shown.bills.get_mut(&customer), page))
        }
        Topic::Alarms(customer) => {
            let (customer, page) = (customer.clone(), page(desk, &topic, next, alarms).await);
            then(move |actor| append(actor.shown.alarms.get_mut(&customer), page))
        }
        Topic::Keys(query) => {
            let (query, page) = (query.clone(), page(desk, &topic, next, keys).await);
            then(move |actor| append(actor.shown.keys.get_mut(&query), page))
        }
        Topic::Arrears => {
            let page = page(desk, &topic, next, arrears).await;
            then(move |actor| append(Some(&mut actor.shown.arrears), page))
        }
        Topic::Payments(query) => {
            let (query, page) = (query.clone(), page(desk, &topic, next, payments).await);
            then(move |actor| append(actor.shown.payments.get_mut(&query), page))
        }
        Topic::Audit(query) => {
            let (query, page) = (query.clone(), page(desk, &topic, next, audit).await);
            then(move |actor| append(actor.shown.audit.get_mut(&query), page))
        }
        _ => then(|_| {}),
    }
}
