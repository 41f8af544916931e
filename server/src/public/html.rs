//! The pages a payer sees between the app and the bank. No scripts from anywhere but one line of our own, no images, no cookies.

use std::fmt::Write as _;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gridkey_domain::Fen;
use gridkey_protocol::crypto;

use crate::intranet::GatewayForm;

/// Posts the form at once.
const SUBMIT: &str = "document.forms[0].submit()";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#f4f6f8;margin:0;display:grid;\
place-items:center;min-height:100vh}main{background:#fff;border-radius:12px;padding:2.5rem;max-width:26rem;margin:1rem;\
box-shadow:0 1px 3px #0002}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.25rem 0}small{color:#5b6773}\
button{font:inherit;margin-top:1rem;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#0b6b57;color:#fff}";

/// Text as it may stand in HTML text and attribute values.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

fn hash(source: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(crypto::sha256(&[source.as_bytes()])))
}

fn page(status: StatusCode, form_action: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Gridkey</title><style>{STYLE}</style></head><body>{body}</body></html>"
    );
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'",
        hash(STYLE),
        hash(SUBMIT)
    );
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::CACHE_CONTROL, "no-store");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    (status, headers, Html(html)).into_response()
}

fn words(status: StatusCode, title: &str, english: &str, chinese: &str) -> Response {
    let body = format!("<main><h1>{title}</h1><p>{english}</p><p lang=\"zh-CN\"><small>{chinese}</small></p></main>");
    page(status, "'none'", &body)
}

/// The form that takes the browser to the gateway.
pub(super) fn form(form: &GatewayForm, amount: Fen) -> Response {
    let mut fields = String::new();
    for (name, value) in &form.fields {
        // Writing to a String cannot fail.
        let _ = write!(fields, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
    }
    let body = format!(
        "<main><h1>On to your bank</h1><p>You are paying <b>¥ {amount}</b>.</p><p lang=\"zh-CN\"><small>正在前往银行页面…</small></p>\
         <form method=\"post\" action=\"{}\" accept-charset=\"utf-8\">{fields}<button>Continue · 继续</button></form></main>\
         <script>{SUBMIT}</script>",
        escape(&form.action)
    );
    page(StatusCode::OK, &origin(&form.action), &body)
}

/// Scheme, host and port of an address: a policy names origins, and must not be opened up by what follows them.
fn origin(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return "'none'".into() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    if plain && matches!(scheme, "http" | "https") { format!("{scheme}://{host}") } else { "'none'".into() }
}

/// The address was used, is too old, or never was.
pub(super) fn gone() -> Response {
    words(
        StatusCode::NOT_FOUND,
        "This page is no longer valid",
        "Each payment page opens once. Go back to the app and open the payment again.",
        "该支付页面已失效。请返回应用，重新打开付款。",
    )
}

/// Something is away.
pub(super) fn later() -> Response {
    words(
        StatusCode::SERVICE_UNAVAILABLE,
        "The payment can't be opened now",
        "Nothing was debited. Go back to the app and open the payment again in a moment.",
        "暂时无法打开付款，未发生扣款。请稍后在应用中重试。",
    )
}

/// Back from the bank.
pub(super) fn returned() -> Response {
    words(
        StatusCode::OK,
        "Thank you",
        "The result follows in the app. You can close this page.",
        "付款结果将在应用中显示，您可以关闭此页面。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_attribute() {
        assert_eq!(escape("\"><script>'&"), "&quot;&gt;&lt;script&gt;&#39;&amp;");
    }

    #[test]
    fn a_policy_names_an_origin_only() {
        assert_eq!(origin("http://127.0.0.1:8080/gateway?a=b"), "http://127.0.0.1:8080");
        assert_eq!(origin("https://bank.example; script-src *"), "'none'");
        assert_eq!(origin("javascript:alert(1)"), "'none'");
    }
}
