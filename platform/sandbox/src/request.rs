//! Requests of merchants, checked as the gateway does: shape, merchant, signature.

use gridkey_domain::{Fen, Timestamp};
use gridkey_unionpay::{Message, consume::VERSION, parse::parse_form, signing::request_is_signed_by, time};

use crate::{gateway::Sandbox, journal::Identity};

/// Fields of a front consume; the gateway answers a request with any other by an HTTP 400 page.
const FRONT_FIELDS: &[&str] = &[
    "version",
    "encoding",
    "certId",
    "signMethod",
    "signature",
    "txnType",
    "txnSubType",
    "bizType",
    "channelType",
    "accessType",
    "merId",
    "orderId",
    "txnTime",
    "txnAmt",
    "currencyCode",
    "frontUrl",
    "backUrl",
    "payTimeout",
    "reqReserved",
    "reserved",
    "orderDesc",
    "customerIp",
    "riskRateInfo",
    "issInsCode",
    "accSplitData",
];

/// Fields of a refund.
const BACK_FIELDS: &[&str] = &[
    "version",
    "encoding",
    "certId",
    "signMethod",
    "signature",
    "txnType",
    "txnSubType",
    "bizType",
    "channelType",
    "accessType",
    "merId",
    "orderId",
    "txnTime",
    "txnAmt",
    "currencyCode",
    "backUrl",
    "origQryId",
    "reqReserved",
    "reserved",
];

/// How the gateway turns a request down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The plain text that answers a request it cannot even class.
    Text(&'static str),
    /// HTTP 400 with a page.
    BadRequest,
    /// All fields back with a code, unsigned.
    Code {
        /// The request's fields.
        request: Message,
        /// `respCode`.
        code: &'static str,
        /// `respMsg`.
        text: String,
    },
}

/// A good front consume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontRequest {
    /// Which payment.
    pub identity: Identity,
    /// `txnAmt`.
    pub amount: Fen,
    /// `frontUrl`.
    pub front_url: String,
    /// `backUrl`.
    pub back_url: String,
    /// `payTimeout`.
    pub pay_timeout: Option<Timestamp>,
    /// `bizType`.
    pub biz_type: String,
    /// `reqReserved`.
    pub reserved: Option<String>,
}

/// A good refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackRequest {
    /// Which refund.
    pub identity: Identity,
    /// `txnAmt`.
    pub amount: Fen,
    /// `origQryId`: the payment's reference.
    pub payment: String,
    /// `backUrl`.
    pub back_url: String,
    /// `bizType`.
    pub biz_type: String,
}

/// A request for a settlement file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// `merId`.
    pub merchant: String,
    /// `settleDate`.
    pub day: String,
    /// The request.
    pub message: Message,
}

impl Sandbox {
    /// Checks a front consume as posted by the payer's browser.
    pub fn front_request(&self, body: &[u8], now: Timestamp) -> Result<FrontRequest, Refusal> {
        let message = self.authentic(body, "01")?;
        if message.fields().any(|(name, _)| !FRONT_FIELDS.contains(&name)) {
            return Err(Refusal::BadRequest);
        }
        let read = || {
            let field = |name: &'static str| message.get(name).ok_or(name);
            let fixed = [
                ("encoding", "UTF-8"),
                ("txnSubType", "01"),
                ("channelType", "07"),
                ("accessType", "0"),
                ("currencyCode", "156"),
            ];
            if let Some((name, _)) = fixed.iter().find(|(name, value)| message.get(name) != Some(value)) {
                return Err(*name);
            }
            let biz_type = field("bizType")?;
            if !matches!(biz_type, "000201" | "000202") {
                return Err("bizType");
            }
            let identity = timely_identity(&message, now)?;
            let pay_timeout = match message.get("payTimeout") {
                None => None,
                Some(text) => Some(time::parse(text).ok_or("payTimeout")?),
            };
            Ok(FrontRequest {
                amount: amount(&message)?,
                front_url: address(&message, "frontUrl")?,
                back_url: address(&message, "backUrl")?,
                pay_timeout,
                biz_type: biz_type.to_owned(),
                reserved: message.get("reqReserved").map(str::to_owned),
                identity,
            })
        };
        read().map_err(|field| refuse(&message, "10", format!("Invalid field[{field}][9100003]")))
    }

    /// Checks a refund; gives its message, too.
    pub fn back_request(&self, body: &[u8], now: Timestamp) -> Result<(BackRequest, Message), Refusal> {
        let message = self.authentic(body, "04")?;
        if message.fields().any(|(name, _)| !BACK_FIELDS.contains(&name)) {
            return Err(Refusal::BadRequest);
        }
        let read = || {
            let field = |name: &'static str| message.get(name).map(str::to_owned).ok_or(name);
            let fixed = [("encoding", "UTF-8"), ("txnSubType", "00"), ("channelType", "07"), ("accessType", "0")];
            if let Some((name, _)) = fixed.iter().find(|(name, value)| message.get(name) != Some(value)) {
                return Err(*name);
            }
            Ok(BackRequest {
                identity: timely_identity(&message, now)?,
                amount: amount(&message)?,
                payment: field("origQryId")?,
                back_url: address(&message, "backUrl")?,
                biz_type: field("bizType")?,
            })
        };
        match read() {
            Ok(request) => Ok((request, message)),
            Err(field) => Err(refuse(&message, "10", format!("Invalid field[{field}][9100003]"))),
        }
    }

    /// Checks a request for a settlement file.
    pub fn file_request(&self, body: &[u8]) -> Result<FileRequest, Refusal> {
        let message = self.authentic(body, "76")?;
        let read = || {
            let field = |name: &'static str| message.get(name).map(str::to_owned).ok_or(name);
            let fixed = [("txnSubType", "01"), ("bizType", "000000"), ("accessType", "0"), ("fileType", "00")];
            if let Some((name, _)) = fixed.iter().find(|(name, value)| message.get(name) != Some(value)) {
                return Err(*name);
            }
            let day = field("settleDate")?;
            if day.len() != 4 || !day.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err("settleDate");
            }
            Ok((field("merId")?, day))
        };
        match read() {
            Ok((merchant, day)) => Ok(FileRequest { merchant, day, message }),
            Err(field) => Err(refuse(&message, "10", format!("Invalid field[{field}][9100003]"))),
        }
    }

    /// Checks a query, by order and time or by the gateway's reference.
    pub fn query_request(&self, body: &[u8]) -> Result<(Identity, Message), Refusal> {
        let message = self.authentic(body, "00")?;
        if let (Some(merchant), Some(reference), None) =
            (message.get("merId"), message.get("queryId"), message.get("orderId"))
        {
            return match self.identity_of(merchant, reference) {
                Some(identity) => Ok((identity, message)),
                None => Err(refuse(&message, "34", "查无此交易[2600000]".to_owned())),
            };
        }
        match identity(&message) {
            Ok(identity) => Ok((identity, message)),
            Err(field) => Err(refuse(&message, "10", format!("Invalid field[{field}][9100003]"))),
        }
    }

    /// A readable message of transaction type `kind`, signed by a merchant that is known.
    fn authentic(&self, body: &[u8], kind: &str) -> Result<Message, Refusal> {
        let message = parse_form(body).map_err(|_| Refusal::Text("Invalid request."))?;
        let has = |name: &str| message.get(name).is_some();
        if !["version", "txnType", "txnSubType", "signMethod", "signature"].into_iter().all(has) {
            return Err(Refusal::Text("Invalid request."));
        }
        if message.get("txnType") != Some(kind) {
            return Err(Refusal::Text("Invalid request URI."));
        }
        if message.get("version") != Some(VERSION) {
            return Err(refuse(&message, "10", "Invalid field[version][9100003]".to_owned()));
        }
        let merchant = message.get("merId").and_then(|merchant| self.merchant(merchant));
        let Some(merchant) = merchant else {
            return Err(refuse(&message, "32", "No such merchant[9100002]".to_owned()));
        };
        if !request_is_signed_by(&message, &merchant.certificate) {
            return Err(refuse(&message, "11", "Signature verification failed[9100004]".to_owned()));
        }
        Ok(message)
    }
}

fn identity(message: &Message) -> Result<Identity, &'static str> {
    let field = |name: &'static str| message.get(name).map(str::to_owned).ok_or(name);
    let order = field("orderId")?;
    if !(8..=40).contains(&order.len()) || !order.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err("orderId");
    }
    Ok(Identity { merchant: field("merId")?, order, time: field("txnTime")? })
}

/// An identity whose time is about now.
fn timely_identity(message: &Message, now: Timestamp) -> Result<Identity, &'static str> {
    let identity = identity(message)?;
    let sent = time::parse(&identity.time).ok_or("txnTime")?;
    if sent > now.plus_seconds(300) || sent < now.plus_seconds(-86_400) { Err("txnTime") } else { Ok(identity) }
}

fn amount(message: &Message) -> Result<Fen, &'static str> {
    let text = message.get("txnAmt").filter(|_| message.get("currencyCode") == Some("156")).ok_or("txnAmt")?;
    let digits = text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|fen| digits && *fen > 0).and_then(|fen| Fen::new(fen).ok()).ok_or("txnAmt")
}

fn address(message: &Message, name: &'static str) -> Result<String, &'static str> {
    let url = message.get(name).ok_or(name)?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && url.len() <= 256 && !url.contains('~') { Ok(url.to_owned()) } else { Err(name) }
}

fn refuse(request: &Message, code: &'static str, text: String) -> Refusal {
    Refusal::Code { request: request.clone(), code, text }
}
