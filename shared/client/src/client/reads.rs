//! What the customer reads: account, usage, bills, arrears. Every answer is kept for when there is no network.

use gridkey_domain::{
    BillId, MeterId,
    account::{Account, AccountUpdate},
    arrears::Arrears,
    bill::{Bill, BillSummary},
    usage::{Resolution, UsagePoint, UsageSummary},
};
use gridkey_protocol::ops::{
    self, Empty, Page,
    account::{Settings, SettingsUpdate},
    alarms::{Alarm, AlarmAcknowledged, AlarmBody},
    bills::{BillBody, BillListBody, Document, DocumentBody},
    usage::SeriesBody,
};
use jiff::civil::Date;
use serde::{Serialize, de::DeserializeOwned};

use super::{Client, ClientError, Fetched};
use crate::store::Cached;

/// A list is never longer than this many pages; a server that pages for ever is stopped.
const PAGES: usize = 1000;

impl Client {
    /// The account.
    pub async fn account(&self) -> Result<Fetched<Account>, ClientError> {
        self.fetch::<ops::AccountGet>("account".into(), &Empty {}).await
    }

    /// Changes contact or address.
    pub async fn update_account(&self, update: &AccountUpdate) -> Result<Account, ClientError> {
        let account = self.call::<ops::AccountUpdate>(update).await?;
        self.keep("account".into(), self.now(), account.clone()).await;
        Ok(account)
    }

    /// The customer's settings.
    pub async fn settings(&self) -> Result<Fetched<Settings>, ClientError> {
        self.fetch::<ops::SettingsGet>("settings".into(), &Empty {}).await
    }

    /// Changes settings.
    pub async fn update_settings(&self, update: &SettingsUpdate) -> Result<Settings, ClientError> {
        let settings = self.call::<ops::SettingsUpdate>(update).await?;
        self.keep("settings".into(), self.now(), settings.clone()).await;
        Ok(settings)
    }

    /// The running month.
    pub async fn usage(&self) -> Result<Fetched<UsageSummary>, ClientError> {
        self.fetch::<ops::UsageSummary>("usage".into(), &Empty {}).await
    }

    /// A stretch of a meter's history, all pages.
    pub async fn usage_series(
        &self,
        meter: &MeterId,
        from: Date,
        to: Date,
        resolution: Resolution,
    ) -> Result<Fetched<Vec<UsagePoint>>, ClientError> {
        let name = format!("series/{meter}/{from}/{to}/{resolution:?}");
        self.fetch_pages(name, |next| async move {
            let body = SeriesBody { meter: meter.clone(), from, to, resolution, next };
            let page = self.call::<ops::UsageSeries>(&body).await?;
            Ok((page.points, page.next))
        })
        .await
    }

    /// All bills, newest first.
    pub async fn bills(&self) -> Result<Fetched<Vec<BillSummary>>, ClientError> {
        self.fetch_pages("bills".into(), |next| async move {
            let page = self.call::<ops::BillList>(&BillListBody { next, limit: None }).await?;
            Ok((page.bills, page.next))
        })
        .await
    }

    /// One bill with its lines.
    pub async fn bill(&self, bill: &BillId) -> Result<Fetched<Bill>, ClientError> {
        self.fetch::<ops::BillGet>(format!("bill/{bill}"), &BillBody { bill: bill.clone() }).await
    }

    /// A bill as a file.
    pub async fn bill_document(&self, bill: &BillId, format: &str) -> Result<Document, ClientError> {
        let body = DocumentBody { bill: bill.clone(), format: format.to_owned() };
        self.call::<ops::BillDocument>(&body).await
    }

    /// What is overdue.
    pub async fn arrears(&self) -> Result<Fetched<Arrears>, ClientError> {
        self.fetch::<ops::ArrearsGet>("arrears".into(), &Empty {}).await
    }

    /// How arrears came and went, newest first, all pages.
    pub async fn alarms(&self) -> Result<Fetched<Vec<Alarm>>, ClientError> {
        self.fetch_pages("alarms".into(), |next| async move {
            let page = self.call::<ops::ArrearsHistory>(&Page { next }).await?;
            Ok((page.events, page.next))
        })
        .await
    }

    /// Acknowledges an alarm.
    pub async fn acknowledge(&self, alarm: &str) -> Result<AlarmAcknowledged, ClientError> {
        self.call::<ops::AlarmAck>(&AlarmBody { alarm: alarm.to_owned() }).await
    }

    /// Collects a list's pages and keeps the whole; what was kept answers while the server cannot.
    pub(super) async fn fetch_pages<T, F>(
        &self,
        name: String,
        page: impl Fn(Option<String>) -> F,
    ) -> Result<Fetched<Vec<T>>, ClientError>
    where
        T: Serialize + DeserializeOwned + Clone + Send + 'static,
        F: Future<Output = Result<(Vec<T>, Option<String>), ClientError>>,
    {
        match collect(page).await {
            Ok(value) => {
                let at = self.now();
                self.keep(name, at, value.clone()).await;
                Ok(Fetched { value, at, live: true })
            }
            Err(error) if error.is_offline() => {
                match self.with_store(move |store| store.recall::<Vec<T>>(&name)).await? {
                    Some(Cached { at, value }) => Ok(Fetched { value, at, live: false }),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }
}

async fn collect<T, F>(page: impl Fn(Option<String>) -> F) -> Result<Vec<T>, ClientError>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), ClientError>>,
{
    let (mut all, mut next) = page(None).await?;
    for _ in 1..PAGES {
        if next.is_none() {
            break;
        }
        let (more, after) = page(next).await?;
        all.extend(more);
        next = after;
    }
    Ok(all)
}
