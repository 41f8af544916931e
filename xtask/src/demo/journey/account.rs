//! `wrong-pin`, `login`, `account`, `update-account`.

use anyhow::{Result, bail, ensure};

use super::{
    CUSTOMERS, Journey,
    gridkey::{Running, ask, run, text},
};
use crate::demo::layout::write_pin;

/// A PIN that is not the key's is refused, and what is said of the tries left is what the token says.
pub(super) fn wrong_pin(journey: &mut Journey) -> Result<String> {
    let key = journey.key(1)?;
    let wrong = key.folder.join("wrong-pin");
    write_pin(&wrong)?;
    // The later of two equal options counts for neither; so the command is put together here.
    let mut login = journey.program("gridkey");
    login.env("SOFTHSM2_CONF", &key.at.conf).arg("--config").arg(&key.config);
    let error = run(login.arg("--pin-file").arg(&wrong).args(["--json", "login"]))?.refused(3, "wrong-pin")?;
    let told = text(&error, "/tries")?.to_owned();
    let info = ask(journey.gridkey(key).args(["token", "info"]))?;
    let token = text(&info, "/tries")?;
    ensure!(told == token, "tries left were told as {told}, the token says {token}");
    Ok(format!("refused; tries left as the token tells them: {told}"))
}

/// Every customer's key opens a session as that customer.
pub(super) fn login(journey: &mut Journey) -> Result<String> {
    for (index, number) in CUSTOMERS.iter().enumerate() {
        let key = journey.key(index + 1)?;
        let login = ask(journey.gridkey(key).arg("login"))?;
        let (customer, role) = (text(&login, "/customer")?, text(&login, "/role")?);
        ensure!(customer == *number && role == "customer", "{number}'s key was let in as {role} {customer}");
        let fingerprint = text(&login, "/fingerprint")?;
        ensure!(fingerprint == key.fingerprint, "the key logged in with another certificate than was issued");
    }
    Ok(format!("{} keys, {} to {}, each let in as its own customer", CUSTOMERS.len(), CUSTOMERS[0], CUSTOMERS[6]))
}

/// What the account says is what was loaded.
pub(super) fn account(journey: &mut Journey) -> Result<String> {
    let answer = ask(journey.gridkey(journey.key(1)?).arg("account"))?;
    let account = &answer["account"];
    let name = text(account, "/name")?;
    ensure!(answer["live"] == true, "the answer did not come from the server");
    // As in the data's customers.toml.
    ensure!(name == "Huadong Precision Castings Co., Ltd.", "the name is {name}");
    ensure!(text(account, "/name_zh")? == "华东精密铸造有限公司", "the Chinese name differs");
    ensure!(text(account, "/type")? == "industrial" && text(account, "/grade")? == "A", "type or grade differs");
    ensure!(text(account, "/address")? == "No. 1 Furnace Road, Industrial Park", "the address differs");
    let (meter, basic) = (text(account, "/meters/0/meter")?, text(account, "/meters/0/basic")?);
    ensure!(meter == "M1000000011" && basic == "demand", "meter {meter} with basic charge by {basic}");
    Ok(format!("{name}, industrial, grade A, meter {meter} by {basic}"))
}

/// Contact and address are changed, are what a new session reads, and an open session is told.
pub(super) fn update(journey: &mut Journey) -> Result<String> {
    let key = journey.key(4)?;
    let mut watch = Running::start(journey.gridkey(key).args(["watch", "--until", "account"]))?;
    watch.wait_online()?;
    let (contact, address) = ("+86 10 5550 0404", "No. 14 Lantern Street");
    ask(journey.gridkey(key).args(["account", "set", "--contact", contact, "--address", address]))?;
    let told = watch.wait_push("account")?;
    let answer = ask(journey.gridkey(key).arg("account"))?;
    ensure!(text(&answer, "/account/contact")? == contact, "the contact was not kept");
    ensure!(text(&answer, "/account/address")? == address, "the address was not kept");
    let wrong = run(journey.gridkey(key).args(["account", "set", "--contact", ""]))?;
    if wrong.status == Some(0) {
        bail!("an empty contact was taken");
    }
    Ok(format!("contact and address changed and read back; an open session was told of {}", told["fields"]))
}
