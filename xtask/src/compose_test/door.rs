//! The platform's door opens to one certificate.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use super::stack::Stack;
use crate::{demo::process::output, workspace::run};

/// What is asked for.
const PATH: &str = "/v1/outbox?after=0&wait=0";
/// A certificate that looks like the server's, signed by itself.
const SELF_SIGNED: &str = "/CN=security-server";

/// Knocks as the server, as others, and as nobody.
pub(super) fn certificates(stack: &Stack<'_>, folder: &Path) -> Result<String> {
    let folder = folder.join("door");
    fs::create_dir_all(&folder)?;
    let fetch = |service: &str, file: &str| -> Result<PathBuf> {
        let to = folder.join(format!("{service}-{}", file.rsplit('/').next().unwrap_or(file)));
        let content = stack.exec(service, &["cat", file])?;
        fs::write(&to, content + "\n").with_context(|| format!("cannot write {}", to.display()))?;
        Ok(to)
    };
    let intranet = "/srv/server-state/intranet";
    let root = fetch("server", &format!("{intranet}/root.pem"))?;
    let own = pair(&fetch, "server", &format!("{intranet}/security-server"))?;
    let others = [
        ("the platform's own", pair(&fetch, "platform", "/srv/platform-secrets/platform")?),
        ("the public listener's", pair(&fetch, "server", "/srv/server-state/public")?),
        ("the session listener's", pair(&fetch, "server", "/srv/server-state/session")?),
        ("the merchant's", {
            let (certificate, key) = ("merchant-certificate.pem", "merchant-key.pem");
            let at = |file: &str| fetch("platform", &format!("/srv/platform-secrets/{file}"));
            (at(certificate)?, at(key)?)
        }),
        ("one signed by itself", self_signed(&folder)?),
    ];

    let inspected = stack.inspect("platform")?;
    let network = stack.network("intranet");
    let address = inspected["NetworkSettings"]["Networks"][network.as_str()]["IPAddress"].as_str();
    let address = address.filter(|address| !address.is_empty()).context("the platform has no address")?;
    let knock = |identity: Option<&(PathBuf, PathBuf)>| -> Result<String> {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20"]);
        // Straight to the container, whatever proxy is set.
        curl.args(["--noproxy", "*", "--resolve", &format!("platform:8444:{address}"), "--cacert"]).arg(&root);
        if let Some((certificate, key)) = identity {
            curl.arg("--cert").arg(certificate).arg("--key").arg(key);
        }
        let said = curl.arg(format!("https://platform:8444{PATH}")).output().context("cannot run curl")?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    };
    let answered = knock(Some(&own))?;
    ensure!(answered == "200", "the server's certificate got {answered}");
    for (name, identity) in &others {
        let answered = knock(Some(identity))?;
        ensure!(answered == "000", "{name} certificate got {answered}");
    }
    let answered = knock(None)?;
    ensure!(answered == "000", "no certificate got {answered}");
    // The door still opens: what was refused was the certificate.
    let answered = knock(Some(&own))?;
    ensure!(answered == "200", "afterwards the server's certificate got {answered}");
    fs::remove_dir_all(&folder).context("cannot remove the copied keys")?;
    Ok(format!("the server's is answered; {} others and none end in the handshake", others.len()))
}

fn pair(fetch: &impl Fn(&str, &str) -> Result<PathBuf>, service: &str, stem: &str) -> Result<(PathBuf, PathBuf)> {
    Ok((fetch(service, &format!("{stem}.pem"))?, fetch(service, &format!("{stem}-key.pem"))?))
}

fn self_signed(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("self.pem"), folder.join("self-key.pem"));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "1", "-subj", SELF_SIGNED]);
    openssl.args(["-addext", "subjectAltName=DNS:security-server", "-addext", "extendedKeyUsage=clientAuth"]);
    output(openssl.arg("-out").arg(&certificate).arg("-keyout").arg(&key))?;
    run(Command::new("chmod").arg("600").arg(&key))?;
    Ok((certificate, key))
}
