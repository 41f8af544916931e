//! What browsers and merchants reach.
//!
//! | address | who | what |
//! |---|---|---|
//! | `POST /gateway/api/frontTransReq.do` | the payer's browser | the bank page, or why not |
//! | `POST /gateway/bank/confirm` | the bank page's form | `token` and `action` (`confirm`, `cancel`, `decline`) |
//! | `POST /gateway/api/queryTrans.do` | the merchant | a signed `k=v&…` answer |
//! | `POST /gateway/api/backTransReq.do` | the merchant | takes a refund up; a signed `k=v&…` answer |
//! | `POST /` | the merchant | a day's settlement file, a signed `k=v&…` answer |
//! | `GET /ledger` | the tester | all debits, a JSON array, oldest first |
//! | `GET /refunds` | the tester | all refunds that went back, the same way |
//! | `GET`, `POST /faults` | the tester | what goes wrong next |

use std::{io, sync::Arc};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use gridkey_unionpay::{
    Message,
    consume::FRONT_PATH,
    parse::{ParseError, parse_form},
    query::QUERY_PATH,
    refund::BACK_PATH,
    settlement::FILE_PATH,
};

use crate::{
    faults::{Fault, Faults},
    gateway::{Payment, Sandbox, Standing, StepError},
    page,
    request::Refusal,
};

/// The sandbox over HTTP.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route(FILE_PATH, get(home).post(file))
        .route(FRONT_PATH, post(front))
        .route(page::CONFIRM_PATH, post(confirm))
        .route(QUERY_PATH, post(query))
        .route(BACK_PATH, post(back))
        .route("/ledger", get(ledger))
        .route("/refunds", get(refunds))
        .route("/faults", get(faults).post(set_faults))
        .with_state(sandbox)
}

async fn home(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    Html(page::home(sandbox.now()))
}

async fn front(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let fault = sandbox.fault(|faults| &mut faults.front);
    if let Some(response) = misbehave(fault).await {
        return response;
    }
    let request = match sandbox.front_request(&body, sandbox.now()) {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal),
    };
    match sandbox.open_payment(request) {
        Ok(payment) => show(&sandbox, &payment),
        Err(error) => step_refused(&error),
    }
}

async fn confirm(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let form = match parse_form(&body) {
        Ok(form) => form,
        Err(error) => return bad_form(&error),
    };
    let token = form.get("token").unwrap_or_default();
    let response = match form.get("action") {
        Some("confirm") => {
            let before = sandbox.payment_of_page(token).is_some_and(|p| matches!(p.standing, Standing::Paid { .. }));
            match sandbox.confirm(token) {
                Ok(payment) => paid_page(&sandbox, &payment, before),
                Err(error) => step_refused(&error),
            }
        }
        Some(action @ ("cancel" | "decline")) => {
            let (code, why) = if action == "cancel" { ("01", "Payment cancelled") } else { ("64", "Balance too low") };
            match sandbox.decline(token, code) {
                Ok(payment) if matches!(payment.standing, Standing::Paid { .. }) => paid_page(&sandbox, &payment, true),
                Ok(payment) => Html(page::unpaid(&payment, why)).into_response(),
                Err(error) => step_refused(&error),
            }
        }
        _ => (StatusCode::BAD_REQUEST, Html(page::refused("10", "no such action"))).into_response(),
    };
    // After the debit: a lost answer must not undo it.
    let fault = sandbox.fault(|faults| &mut faults.confirm);
    misbehave(fault).await.unwrap_or(response)
}

async fn query(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let fault = sandbox.fault(|faults| &mut faults.query);
    if let Some(response) = misbehave(fault).await {
        return response;
    }
    let (identity, message) = match sandbox.query_request(&body) {
        Ok(query) => query,
        Err(refusal) => return refuse(refusal),
    };
    let answer = match sandbox.answer_query(&message, &identity, fault) {
        Ok(answer) => answer,
        Err(error) => return internal(&error),
    };
    let answer = if fault.forge { answer.with("respMsg", "forged") } else { answer };
    let mut text = answer.to_answer();
    if fault.double {
        text = format!("{text}&{text}");
    }
    plain(text)
}

async fn file(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let fault = sandbox.fault(|faults| &mut faults.file);
    if let Some(response) = misbehave(fault).await {
        return response;
    }
    let request = match sandbox.file_request(&body) {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal),
    };
    match sandbox.answer_file(&request, fault) {
        Ok(answer) if fault.forge => plain(answer.with("respMsg", "forged").to_answer()),
        Ok(answer) => plain(answer.to_answer()),
        Err(error) => internal(error.as_ref()),
    }
}

async fn back(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let fault = sandbox.fault(|faults| &mut faults.back);
    if fault.fail {
        return (StatusCode::INTERNAL_SERVER_ERROR, Html(page::refused("99", "failed on demand"))).into_response();
    }
    let (request, message) = match sandbox.back_request(&body, sandbox.now()) {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal),
    };
    let code = match sandbox.take_refund(&request, fault) {
        Ok(code) => code,
        Err(error) => return internal(&error),
    };
    let answer = match sandbox.answer_refund(&message, &request.identity, code) {
        Ok(answer) => answer,
        Err(error) => return internal(&error),
    };
    let answer = if fault.forge { answer.with("respMsg", "forged") } else { answer };
    // After the refund: a lost answer must not undo it.
    misbehave(Fault { fail: false, ..fault }).await.unwrap_or_else(|| plain(answer.to_answer()))
}

async fn refunds(State(sandbox): State<Arc<Sandbox>>) -> Response {
    Json(sandbox.repaid()).into_response()
}

async fn ledger(State(sandbox): State<Arc<Sandbox>>) -> Response {
    Json(sandbox.ledger()).into_response()
}

async fn faults(State(sandbox): State<Arc<Sandbox>>) -> Json<Faults> {
    Json(sandbox.faults())
}

async fn set_faults(State(sandbox): State<Arc<Sandbox>>, Json(faults): Json<Faults>) -> Json<Faults> {
    sandbox.set_faults(faults);
    Json(faults)
}

/// The bank page, or that all is paid.
fn show(sandbox: &Sandbox, payment: &Payment) -> Response {
    if matches!(payment.standing, Standing::Paid { .. }) {
        return paid_page(sandbox, payment, true);
    }
    if payment.terms.pay_timeout.is_some_and(|until| sandbox.now() > until) {
        return step_refused(&StepError::TooLate);
    }
    match sandbox.merchant(&payment.identity.merchant) {
        Some(merchant) => Html(page::bank(payment, merchant)).into_response(),
        None => step_refused(&StepError::Unknown),
    }
}

fn paid_page(sandbox: &Sandbox, payment: &Payment, before: bool) -> Response {
    match sandbox.report(payment) {
        Ok(report) => Html(page::paid(payment, &report, before)).into_response(),
        Err(error) => internal(&error),
    }
}

/// Delays, loses or fails an answer; `None` lets it go.
async fn misbehave(fault: Fault) -> Option<Response> {
    tokio::time::sleep(fault.delay).await;
    if fault.lose {
        // A body that breaks off before its first byte: the connection ends without an answer.
        let broken = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("lost on demand")) });
        return Some(Body::from_stream(broken).into_response());
    }
    fault
        .fail
        .then(|| (StatusCode::INTERNAL_SERVER_ERROR, Html(page::refused("99", "failed on demand"))).into_response())
}

fn refuse(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Text(text) => plain(text.to_owned()),
        Refusal::BadRequest => {
            (StatusCode::BAD_REQUEST, Html(page::refused("400", "a field outside the specification"))).into_response()
        }
        Refusal::Code { request, code, text } => {
            let echo: Message = request.with("respCode", code).with("respMsg", &text);
            plain(echo.to_answer())
        }
    }
}

fn step_refused(error: &StepError) -> Response {
    let (status, code) = match error {
        StepError::OtherAmount => (StatusCode::CONFLICT, "12"),
        StepError::TooLate => (StatusCode::GONE, "69"),
        StepError::Unknown => (StatusCode::NOT_FOUND, "34"),
        StepError::Journal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "99"),
    };
    (status, Html(page::refused(code, &error.to_string()))).into_response()
}

fn bad_form(error: &ParseError) -> Response {
    (StatusCode::BAD_REQUEST, Html(page::refused("10", &error.to_string()))).into_response()
}

fn internal(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "an answer can't be signed");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=UTF-8")], text).into_response()
}
