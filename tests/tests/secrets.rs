//! What must never lie or travel in clear: customers' names and addresses, PINs, private keys held outside tokens. A whole stack is used
//! through recording proxies; then everything that passed and everything on the disk is searched.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use gridkey_tests::stack::Stack;

const CUSTOMER: &str = "1100000002";

/// Passes bytes on to a daemon and keeps a copy of both directions.
struct Proxy {
    port: u16,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    fn before(port: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let own = listener.local_addr()?.port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let copy = Arc::clone(&seen);
        // Ends with the process; each test is a process of its own.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else { continue };
                    let copy = Arc::clone(&copy);
                    thread::spawn(move || pass_on(from, to, &copy));
                }
            }
        });
        Ok(Self { port: own, seen })
    }

    fn seen(&self) -> Vec<u8> {
        self.seen.lock().unwrap().clone()
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, copy: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        copy.lock().unwrap().extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Puts a proxy before the port that `key = "…:PORT…"` names in a file; the file names the proxy then.
fn intercept(file: &Path, key: &str) -> Result<Proxy> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find(|line| line.starts_with(&format!("{key} ="))).with_context(|| format!("no {key}"))?;
    let address = line.split('"').nth(1).context("no value")?;
    let after = address.rsplit_once(':').context("no port")?.1;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let proxy = Proxy::before(digits.parse()?)?;
    let changed = line.replace(&format!(":{digits}"), &format!(":{}", proxy.port));
    fs::write(file, text.replace(line, &changed))?;
    Ok(proxy)
}

/// Something that must not be found: what it is, and its bytes.
struct Secret {
    what: String,
    bytes: Vec<u8>,
}

fn personal_data() -> Result<Vec<Secret>> {
    let file = Path::new("../assets/demo/customers.toml");
    let table: toml::Table = toml::from_str(&fs::read_to_string(file)?)?;
    let customers = table["customer"].as_array().context("customers")?;
    let mut secrets = Vec::new();
    for customer in customers {
        for field in ["name", "name_zh", "address", "contact"] {
            let text = customer[field].as_str().context("text")?;
            secrets.push(Secret { what: format!("{field} {text}"), bytes: text.as_bytes().to_vec() });
        }
    }
    ensure!(secrets.len() == 28, "seven customers with four fields expected");
    Ok(secrets)
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, into)?;
        } else if path.is_file() {
            into.push(path);
        }
    }
    Ok(())
}

/// The bytes of a private key that occur nowhere else: not its public half, not its algorithm.
fn private_part(der: &[u8]) -> Option<&[u8]> {
    match der.len() {
        // RFC 8410: the seed comes last.
        48 => der.get(16..),
        // RFC 5915 within PKCS#8: the scalar of P-256, before the public key.
        121..=150 => der.get(36..68),
        // RSA: the exponents and the coefficient come last.
        500.. => der.get(der.len() - 200..der.len() - 100),
        _ => None,
    }
}

/// PINs and private keys, read from where they are meant to be.
fn held_secrets(folder: &Path) -> Result<Vec<Secret>> {
    let mut all = Vec::new();
    files(folder, &mut all)?;
    let mut secrets = Vec::new();
    for path in all {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let what = path.display().to_string();
        if name == "pin" || name.ends_with("-pin") {
            let pin = fs::read(&path)?.trim_ascii().to_vec();
            ensure!(pin.len() == 12, "{what}: a PIN of 12 characters expected");
            secrets.push(Secret { what, bytes: pin });
        } else if name.ends_with("key.pem") {
            let text = fs::read_to_string(&path)?;
            let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
            let der = STANDARD.decode(body)?;
            let part = private_part(&der).with_context(|| format!("{what}: {} bytes", der.len()))?;
            secrets.push(Secret { what, bytes: part.to_vec() });
        } else if name == "platform.key" {
            let content = fs::read(&path)?;
            let text = String::from_utf8_lossy(&content);
            let bytes = hex::decode(text.trim()).unwrap_or_else(|_| content.clone());
            secrets.push(Secret { what, bytes });
        }
    }
    Ok(secrets)
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return false };
    let mut from = 0;
    while let Some(at) = hay[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if hay[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// As it is, in hex of both cases, in base64 at each of the three places it may begin, and in UTF-16.
fn spellings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![bytes.to_vec(), hex::encode(bytes).into_bytes(), hex::encode_upper(bytes).into_bytes()];
    for lead in 0..3 {
        let padded = [&vec![0; lead][..], bytes].concat();
        let text = STANDARD.encode(&padded);
        // Only the characters that `bytes` alone decides.
        let inner = text.get(if lead == 0 { 0 } else { 4 }..padded.len() / 3 * 4).unwrap_or_default();
        if inner.len() >= 8 {
            all.push(inner.as_bytes().to_vec());
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    all
}

fn search(place: &str, hay: &[u8], secrets: &[Secret], found: &mut Vec<String>) {
    for secret in secrets {
        if spellings(&secret.bytes).iter().any(|spelling| contains(hay, spelling)) {
            found.push(format!("{} in {place}", secret.what));
        }
    }
}

/// What a customer does in a week, in a minute.
fn live(stack: &Stack) -> Result<()> {
    let run = |arguments: &[&str]| {
        let said = stack.gridkey(CUSTOMER, arguments)?;
        ensure!(said.status == 0, "{arguments:?}: {said:?}");
        Ok(said.out)
    };
    run(&["login"])?;
    run(&["account"])?;
    run(&["account", "set", "--contact", "+86 10 5550 9999"])?;
    run(&["usage"])?;
    let bills = run(&["bills"])?;
    let bill = bills["bills"][0]["bill"].as_str().context("a bill")?.to_owned();
    run(&["bill", &bill])?;
    run(&["bill", &bill, "--document", "csv", "--out", "-"])?;
    let paid = run(&["pay", "--bill", &bill, "--amount", &format!("{bill}=2.00")])?;
    let payment = paid["payment"].as_str().context("a payment")?.to_owned();
    stack.confirm_at_bank(paid["page"].as_str().context("a page")?)?;
    while run(&["confirm", &payment])?["state"] != "paid" {
        thread::sleep(std::time::Duration::from_millis(200));
    }
    run(&["receipt", &payment])?;
    run(&["history"])?;
    run(&["alarms"])?;
    run(&["settings"])?;
    run(&["pay", "--bill", &bill, "--amount", &format!("{bill}=3.00"), "--queue"])?;
    run(&["queue", "list"])?;
    run(&["account", "--offline"])?;

    // A wrong PIN is typed, too.
    let token = stack.token(CUSTOMER)?.clone();
    let right = fs::read(&token.pin_file)?;
    fs::write(&token.pin_file, b"wrongwrong12")?;
    let refused = stack.gridkey(CUSTOMER, &["login"])?;
    fs::write(&token.pin_file, right)?;
    ensure!(refused.status == 3, "a wrong PIN: {refused:?}");
    Ok(())
}

#[test]
fn nothing_secret_is_found_in_traffic_databases_logs_and_stores() {
    let mut stack = Stack::start().unwrap();
    let (server, platform) = (stack.at.server.config.clone(), stack.at.platform.config.clone());
    let client = stack.token(CUSTOMER).unwrap().pin_file.with_file_name("client.toml");
    stack.stop("server").unwrap();
    stack.stop("platform").unwrap();
    let proxies = [
        ("client and server", intercept(&client, "server").unwrap()),
        ("server and platform", intercept(&server, "url").unwrap()),
        ("platform and gateway", intercept(&platform, "gateway").unwrap()),
        ("browser and server", intercept(&server, "base_url").unwrap()),
    ];
    stack.restart("platform", None).unwrap();
    stack.restart("server", None).unwrap();
    live(&stack).unwrap();
    stack.stop("server").unwrap();
    stack.stop("platform").unwrap();

    let personal = personal_data().unwrap();
    let held = held_secrets(stack.folder()).unwrap();
    assert!(held.len() > 20, "PINs of eight people and the keys of three daemons expected");
    let planted = [&b"x"[..], &held[0].bytes, b"y"].concat();
    let mut control = Vec::new();
    search("a control", &planted, &held[..1], &mut control);
    assert_eq!(control.len(), 1, "the search finds what is there");

    let mut found = Vec::new();
    for (between, proxy) in &proxies {
        let seen = proxy.seen();
        assert!(seen.len() > 1_000, "traffic between {between} was recorded");
        search(&format!("traffic between {between}"), &seen, &personal, &mut found);
        search(&format!("traffic between {between}"), &seen, &held, &mut found);
    }
    let mut all = Vec::new();
    files(stack.folder(), &mut all).unwrap();
    let mut searched = 0;
    for path in all {
        let text = path.display().to_string();
        let state = ["/db/", "/store/", "/logs/", "/sandbox/state/"].iter().any(|part| text.contains(part))
            || text.ends_with("runtime.json")
            || text.ends_with("stack.json");
        if state && !text.ends_with("platform.key") {
            let content = fs::read(&path).unwrap();
            search(&text, &content, &personal, &mut found);
            search(&text, &content, &held, &mut found);
            searched += 1;
        }
    }
    assert!(searched > 10, "databases, logs and client stores were searched");
    assert!(found.is_empty(), "{found:#?}");
}
