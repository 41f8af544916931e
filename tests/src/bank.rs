//! A payer's browser: opens the one-time page, follows its form to the bank, decides there, and comes back.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use gridkey_service::{
    https::{self, ClientTimeouts},
    tls,
};
use serde::Serialize;

/// What the payer does at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Pays.
    Confirm,
    /// Leaves without paying.
    Cancel,
    /// Tries to pay, with too little on the account.
    Decline,
    /// Looks at the bank's page and closes the browser.
    Look,
}

/// What the browser saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// What became of it at the bank: `confirmed`, `cancelled`, `declined` or `looked`.
    pub bank: &'static str,
    /// The status of the page that the payer came back to; none without coming back.
    pub returned: Option<u16>,
}

/// Pays, or not, at the bank's page behind the one-time address `page`. `web_root` is the root of the public listener's
/// certificate, PEM.
///
/// # Errors
/// If a page is not there or is not what a browser could follow.
pub async fn visit(page: &str, web_root: &Path, decision: Decision) -> Result<Visit> {
    let roots = tls::read_certificates(web_root).context("the web root")?;
    let tls = tls::client_config(&roots, None, tls::Versions::Tls12Up)?;
    let browser = Browser(https::client(tls, ClientTimeouts::default())?);

    let (_, onwards) = browser.get(page).await.context("the one-time page")?;
    let (bank, bank_page) = browser.submit(page, &Form::in_page(&onwards)?, None).await.context("the bank's page")?;
    let form = Form::in_page(&bank_page)?;
    let (action, bank_says) = match decision {
        Decision::Confirm => ("confirm", "confirmed"),
        Decision::Cancel => ("cancel", "cancelled"),
        Decision::Decline => ("decline", "declined"),
        Decision::Look => return Ok(Visit { bank: "looked", returned: None }),
    };
    let (bank, outcome) = browser.submit(&bank, &form, Some(("action", action))).await.context("the bank's answer")?;
    if decision != Decision::Confirm {
        return Ok(Visit { bank: bank_says, returned: None });
    }
    let returned = browser.post(&bank, &Form::in_page(&outcome)?, None).await.context("the way back")?;
    Ok(Visit { bank: bank_says, returned: Some(returned.status().as_u16()) })
}

struct Browser(reqwest::Client);

impl Browser {
    /// A page and its address.
    async fn get(&self, address: &str) -> Result<(String, String)> {
        let answer = self.0.get(address).send().await?;
        Self::page(address.to_owned(), answer).await
    }

    /// The page that a form leads to, and its address.
    async fn submit(&self, from: &str, form: &Form, button: Option<(&str, &str)>) -> Result<(String, String)> {
        let answer = self.post(from, form, button).await?;
        Self::page(absolute(from, &form.action)?, answer).await
    }

    async fn post(&self, from: &str, form: &Form, button: Option<(&str, &str)>) -> Result<reqwest::Response> {
        let fields = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(button);
        let body: Vec<String> = fields.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = self.0.post(absolute(from, &form.action)?);
        Ok(request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&")).send().await?)
    }

    async fn page(address: String, answer: reqwest::Response) -> Result<(String, String)> {
        let status = answer.status();
        ensure!(status.is_success(), "{address} answered {status}");
        Ok((address, answer.text().await?))
    }
}

/// A form with its hidden fields.
#[derive(Debug, PartialEq, Eq)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page.
    fn in_page(page: &str) -> Result<Self> {
        let from = page.find("<form").context("no form in the page")?;
        let form = page.get(from..).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        let action = attribute(head, "action").context("a form without action")?;
        let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap_or_default());
        let fields = inputs.map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
        Ok(Self { action, fields: fields.collect::<Option<_>>().context("a field without name or value")? })
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    let text = text.replace("&#13;", "\r").replace("&#10;", "\n");
    // Last, or what it uncovers would be taken for another.
    text.replace("&amp;", "&")
}

fn absolute(from: &str, action: &str) -> Result<String> {
    if action.starts_with("http://") || action.starts_with("https://") {
        return Ok(action.to_owned());
    }
    if !action.starts_with('/') {
        bail!("{action} leads nowhere");
    }
    let (scheme, rest) = from.split_once("://").context("no address")?;
    let host = rest.split('/').next().unwrap_or_default();
    Ok(format!("{scheme}://{host}{action}"))
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would() {
        let page = "<p>x</p><form id=\"f\" method=\"post\" action=\"/a?b=1&amp;c=2\"><input type=\"hidden\" name=\"n\" \
                    value=\"&lt;&amp;quot;&gt;\"><button name=\"action\" value=\"go\">Go</button></form><form action=\"/z\">";
        let form = Form::in_page(page).unwrap();
        assert_eq!(form, Form { action: "/a?b=1&c=2".into(), fields: vec![("n".into(), "<&quot;>".into())] });
        assert!(Form::in_page("<p>none</p>").is_err());
        assert_eq!(absolute("http://h:1/x/y", "/a").unwrap(), "http://h:1/a");
        assert_eq!(encode("a b+中=&"), "a%20b%2B%E4%B8%AD%3D%26");
    }
}
