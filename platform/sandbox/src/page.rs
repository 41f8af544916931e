//! The bank's pages: plain HTML that a person can use and a test can read. Everything from outside is escaped.

use gridkey_unionpay::{Message, time};

use crate::gateway::{Merchant, Payment};

const STYLE: &str = "body{font:16px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;background:#eef2f5;color:#1d2733;margin:0}\
main{max-width:30rem;margin:8vh auto;background:#fff;border-radius:12px;padding:2rem;box-shadow:0 2px 16px #0002}\
h1{font-size:1.2rem;margin:0 0 1rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:0 0 1.5rem}\
dt{color:#5b6b7b}dd{margin:0;overflow-wrap:anywhere}.amount{font-size:1.6rem;font-weight:600}\
button{font:inherit;padding:.7rem 1.4rem;border-radius:8px;border:1px solid #9aa8b5;background:#fff;margin:0 .5rem .5rem 0;cursor:pointer}\
button.go{background:#0b6b57;border-color:#0b6b57;color:#fff}button:focus-visible{outline:3px solid #f0a030}\
.note{color:#5b6b7b;font-size:.85rem}";

/// The path that the bank page posts to.
pub const CONFIRM_PATH: &str = "/gateway/bank/confirm";

/// What a payer decides on: `action` is `confirm`, `cancel` or `decline`.
pub fn bank(payment: &Payment, merchant: &Merchant) -> String {
    let deadline = payment.terms.pay_timeout.map_or_else(String::new, |until| {
        format!("<dt>Pay before</dt><dd>{} (Beijing)</dd>", escape(&until.civil().to_string().replace('T', " ")))
    });
    let body = format!(
        "<h1>Sandbox Bank · 企业网银</h1>\
         <dl><dt>Amount</dt><dd class=\"amount\">¥ {amount}</dd><dt>To</dt><dd>{name}<br>{id}</dd>\
         <dt>Order</dt><dd>{order}</dd>{deadline}</dl>\
         <form id=\"confirm\" method=\"post\" action=\"{CONFIRM_PATH}\">\
         <input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <button class=\"go\" name=\"action\" value=\"confirm\">Confirm payment</button>\
         <button name=\"action\" value=\"cancel\">Cancel</button>\
         <button name=\"action\" value=\"decline\">Decline (balance too low)</button></form>\
         <p class=\"note\">This is a sandbox: no money moves.</p>",
        amount = payment.terms.amount,
        name = escape(&merchant.name),
        id = escape(&payment.identity.merchant),
        order = escape(&payment.identity.order),
        token = escape(&payment.terms.token),
    );
    page("Confirm payment", &body)
}

/// After the debit: carries the signed report back to the merchant, by itself after a moment or by the button.
pub fn paid(payment: &Payment, report: &Message, before: bool) -> String {
    let fields: String = report
        .fields()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)))
        .collect();
    let heading = if before { "Already paid" } else { "Payment successful" };
    let body = format!(
        "<h1>{heading}</h1><dl><dt>Amount</dt><dd class=\"amount\">¥ {amount}</dd><dt>Order</dt><dd>{order}</dd></dl>\
         <form id=\"return\" method=\"post\" action=\"{url}\">{fields}<button class=\"go\">Return to the merchant</button></form>\
         <script>setTimeout(function(){{document.getElementById('return').submit()}},3000)</script>",
        amount = payment.terms.amount,
        order = escape(&payment.identity.order),
        url = escape(&payment.terms.front_url),
    );
    page(heading, &body)
}

/// After a try without a debit.
pub fn unpaid(payment: &Payment, why: &str) -> String {
    let body = format!(
        "<h1>{}</h1><p>Nothing was debited.</p><p><a href=\"{}\">Return to the merchant</a></p>",
        escape(why),
        escape(&payment.terms.front_url),
    );
    page(why, &body)
}

/// A request that the gateway turns down.
pub fn refused(code: &str, text: &str) -> String {
    let body =
        format!("<h1>The gateway refused the request</h1><dl><dt>{}</dt><dd>{}</dd></dl>", escape(code), escape(text));
    page("Refused", &body)
}

/// The gateway's time for people, on a page that proves the sandbox runs.
pub fn home(now: gridkey_domain::Timestamp) -> String {
    page("UnionPay sandbox", &format!("<h1>UnionPay sandbox</h1><p>Running. Gateway time {}.</p>", time::format(now)))
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title>\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        escape(title)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' => escaped.push_str("&#10;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let page = refused("<b>", "\"><script>alert('1')</script>");
        assert!(!page.contains("<script>alert"));
        assert!(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)"));
    }
}
