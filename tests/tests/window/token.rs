//! A key on a token that is pulled out of an open session.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use gridkey_tests::{
    stack::Stack,
    window::{Customer, Desktop, Program},
};

use crate::person::Person;

const CUSTOMER: &str = "1100000002";
/// The watch looks every second; the rest is for a machine that is busy with other things.
const AT_ONCE: Duration = Duration::from_secs(15);

#[test]
fn a_token_pulled_out_of_an_open_session_ends_it_at_once() {
    let stack = Stack::start().unwrap();
    let desktop = Desktop::start(1280, 800).unwrap();
    let customer = Customer::with_token(&stack, &desktop, CUSTOMER).unwrap();
    let tokens = folder_of_tokens(&stack.token(CUSTOMER).unwrap().conf).unwrap();
    let person = Person::sits_down(&desktop, customer, Program::Desktop).unwrap();
    person.logs_in().unwrap();
    the_session_ends_with_the_token(&person, &tokens).unwrap();
    person.leaves().unwrap();
}

fn the_session_ends_with_the_token(person: &Person<'_>, tokens: &Path) -> Result<()> {
    person.goes_to("place-bills", "bills-title")?;
    person.window.says("M1000000021")?;
    let away = tokens.with_file_name("pulled-out");
    // The driver notices at once that its tokens are gone, as one of a reader does. It does not notice that they are back.
    fs::rename(tokens, away)?;
    let pulled = Instant::now();
    person.is_at("gate-insert-title")?;
    let took = pulled.elapsed();
    ensure!(took < AT_ONCE, "the account was open for {took:?} without its key");
    person.reads("problem-key-removed")?;
    let tree = person.window.tree()?;
    for gone in ["M1000000021", "¥", &person.customer.number] {
        ensure!(!tree.says(gone), "{gone:?} is still on the screen:\n{tree}");
    }
    Ok(())
}

/// The folder that a configuration of SoftHSM names.
fn folder_of_tokens(conf: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(conf)?;
    let mut settings = text.lines().filter_map(|line| line.split_once('='));
    let found = settings.find(|(name, _)| name.trim() == "directories.tokendir").context("no folder of tokens")?;
    Ok(found.1.trim().into())
}
