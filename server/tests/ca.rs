//! What the authority issues passes the protocol's path validation as its own kind and no other, and OpenSSL's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::{path::Path, process::Command};

use ed25519_dalek::SigningKey;
use gridkey_domain::Timestamp;
use gridkey_protocol::certificate::{Certificate, Purpose, Purposes, TrustAnchor};
use gridkey_server::{
    ca::{
        Arc, CaError, CaSigner as _, CertificateRequest, Host, Issued, Issuer, Lifetimes, Profile, PublicKey,
        SoftwareSigner, Validity, certificate::issue_root,
    },
    provision::files::certificates_pem,
    store::{AdminRole, KeyState, RevokedKey},
};

const ORGANISATION: &str = "Test Power Company";

fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}

struct Company {
    root: Issued,
    issuer: Issuer,
}

async fn company(now: Timestamp) -> Company {
    let lifetimes = Lifetimes { key_days: 1_095, envelope_days: 30, tls_days: 397, receipt_days: 3_650 };
    let root_key = SoftwareSigner::generate().unwrap();
    let validity = Validity::days(now, 7_300);
    let root = issue_root(&root_key, ORGANISATION, "Root", validity, Arc::DOCUMENTATION).await.unwrap();
    let key = SoftwareSigner::generate().unwrap();
    let public = key.public_key();
    let top =
        Issuer::with_signer(Box::new(root_key), root.der.clone(), ORGANISATION, Arc::DOCUMENTATION, lifetimes.clone())
            .unwrap();
    let issuing = top
        .issue(&Profile::Issuing, "Issuing CA", PublicKey::Ed25519(public), Validity::days(now, 3_650))
        .await
        .unwrap();
    let issuer = Issuer::with_signer(Box::new(key), issuing.der, ORGANISATION, Arc::DOCUMENTATION, lifetimes).unwrap();
    Company { root, issuer }
}

fn ed25519() -> [u8; 32] {
    SigningKey::from_bytes(&[3; 32]).verifying_key().to_bytes()
}

#[tokio::test]
async fn each_kind_passes_as_itself_and_as_nothing_else() {
    let now = now();
    let company = company(now).await;
    let anchor = TrustAnchor::new(&company.root.der, Purposes::default()).unwrap();
    let host = vec![Host::Dns("server.example".into())];
    let day = Validity::days(now, 1);
    let (signing, agreeing) = (PublicKey::Ed25519(ed25519()), PublicKey::X25519([5; 32]));
    for (profile, public, purpose) in [
        (Profile::UsbKey, signing, Purpose::UsbKey),
        (Profile::Admin, signing, Purpose::Administrator),
        (Profile::Envelope, agreeing, Purpose::Envelope),
        (Profile::Receipt, signing, Purpose::Receipt),
        (Profile::TlsServer(host), signing, Purpose::Tls),
        (Profile::Agreement, agreeing, Purpose::Agreement),
    ] {
        let issued = company.issuer.issue(&profile, "1100000001", public, day).await.unwrap();
        let chain = company.issuer.chain_of(&issued);
        for other in Purpose::ALL {
            let validated = anchor.validate(&chain, other, now);
            assert_eq!(validated.is_ok(), other == purpose, "{profile:?} as {other:?}");
        }
        let leaf = Certificate::from_der(&issued.der).unwrap();
        assert!(leaf.is_in_time(now));
        assert_eq!(leaf.serial(), issued.serial);
        assert_eq!(leaf.fingerprint(), issued.fingerprint);
        assert_eq!(leaf.not_after(), issued.validity.not_after);
        assert_eq!(leaf.common_name().as_deref(), Some("1100000001"));
        assert_eq!(issued.serial.len(), 16);
    }
}

#[tokio::test]
async fn a_key_gets_its_certificates_and_a_record_to_store() {
    let now = now();
    let company = company(now).await;
    let customer = "1100000001".parse().unwrap();
    let made = company.issuer.customer_key(&customer, ed25519(), Some([5; 32]), now).await.unwrap();
    assert_eq!(made.record.state, KeyState::Issued);
    assert_eq!(made.record.chain, [made.authentication.der.clone(), company.issuer.certificate().to_vec()]);
    assert_eq!(made.record.agreement, made.agreement.map(|issued| issued.der));
    assert_eq!(made.record.fingerprint, made.authentication.fingerprint);
}

#[tokio::test]
async fn no_certificate_outlives_its_issuer() {
    let now = now();
    let company = company(now).await;
    let late = now.plus_seconds(3_640 * 86_400);
    let admin = company.issuer.admin_key("admin-1", AdminRole::Operator, ed25519(), late).await.unwrap();
    let issuing = Certificate::from_der(company.issuer.certificate()).unwrap();
    assert_eq!(admin.record.not_after, issuing.not_after());
    let over = now.plus_seconds(3_651 * 86_400);
    assert!(matches!(
        company.issuer.admin_key("admin-1", AdminRole::Operator, ed25519(), over).await,
        Err(CaError::IssuerExpired)
    ));
}

#[tokio::test]
async fn a_name_that_needs_escaping_is_refused() {
    let company = company(now()).await;
    for name in ["", "a,CN=b", "a+b", "a\"", "x\0", &"n".repeat(65)] {
        let asked = company.issuer.admin_key(name, AdminRole::Operator, ed25519(), now()).await;
        assert!(matches!(asked, Err(CaError::Name(_))), "{name:?}");
    }
}

#[test]
fn a_request_is_taken_only_with_a_good_signature() {
    let signer = SoftwareSigner::generate().unwrap();
    let der = signer.request("anything").unwrap();
    assert_eq!(CertificateRequest::parse(&der).unwrap().public_key(), signer.public_key());
    for place in 0..der.len() {
        let mut changed = der.clone();
        changed[place] ^= 1;
        // A change in the subject, the key or the signature: all are covered.
        assert!(CertificateRequest::parse(&changed).is_err(), "byte {place}");
    }
    assert!(CertificateRequest::parse(&[der.as_slice(), &[0]].concat()).is_err());
    assert!(CertificateRequest::parse(&vec![0x30; 20_000]).is_err());
}

#[test]
fn requests_of_other_programs_are_read_and_other_key_types_refused() {
    let folder = tempfile::tempdir().unwrap();
    let request = |name: &str, algorithm: &[&str]| {
        let (key, csr) = (folder.path().join(format!("{name}-key")), folder.path().join(name));
        openssl(&[&["genpkey", "-out", key.to_str().unwrap()], algorithm].concat());
        openssl(&["req", "-new", "-key", key.to_str().unwrap(), "-subj", "/CN=x", "-out", csr.to_str().unwrap()]);
        std::fs::read(csr).unwrap()
    };
    CertificateRequest::parse(&request("good", &["-algorithm", "ed25519"])).unwrap();
    let other = request("p256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    assert!(matches!(CertificateRequest::parse(&other), Err(CaError::Request(_))));
}

#[tokio::test]
async fn openssl_accepts_the_chain_and_the_revocation_list() {
    let now = now();
    let company = company(now).await;
    let customer = "1100000001".parse().unwrap();
    let good = company.issuer.customer_key(&customer, ed25519(), None, now).await.unwrap();
    let lost = company.issuer.customer_key(&customer, ed25519(), None, now).await.unwrap();
    let hosts = vec![Host::Dns("server.example".into()), Host::Ip([127, 0, 0, 1].into())];
    let tls = company.issuer.tls_server(ed25519(), hosts, now).await.unwrap();
    let revoked = RevokedKey { serials: vec![lost.authentication.serial.clone()], state: KeyState::Lost, at: now };
    let crl = company.issuer.crl(7, now.plus_seconds(-60), now.plus_seconds(86_400), &[revoked]).await.unwrap();
    let empty = company.issuer.crl(8, now.plus_seconds(-60), now.plus_seconds(86_400), &[]).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, der: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, certificates_pem(&[der]).unwrap()).unwrap();
        path
    };
    let root = file("root", &company.root.der);
    let issuing = file("issuing", company.issuer.certificate());
    let crl_file = folder.path().join("crl");
    std::fs::write(&crl_file, &crl).unwrap();
    let text = openssl(&["crl", "-inform", "DER", "-in", crl_file.to_str().unwrap(), "-noout", "-text"]);
    assert!(text.contains("Key Compromise") && text.contains("CRL Number"), "{text}");
    let crl_pem = folder.path().join("crl.pem");
    openssl(&["crl", "-inform", "DER", "-in", crl_file.to_str().unwrap(), "-out", crl_pem.to_str().unwrap()]);
    std::fs::write(&crl_file, &empty).unwrap();
    let text = openssl(&["crl", "-inform", "DER", "-in", crl_file.to_str().unwrap(), "-noout", "-text"]);
    assert!(text.contains("No Revoked Certificates"), "{text}");

    let verify = |leaf: &Path, purpose: &str| {
        Command::new("openssl")
            .args(["verify", "-x509_strict", "-purpose", purpose, "-crl_check", "-CRLfile"])
            .arg(&crl_pem)
            .arg("-CAfile")
            .arg(&root)
            .arg("-untrusted")
            .arg(&issuing)
            .arg(leaf)
            .output()
            .unwrap()
    };
    let seen = verify(&file("good", &good.authentication.der), "sslclient");
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    assert!(!verify(&file("good", &good.authentication.der), "sslserver").status.success());
    assert!(!verify(&file("lost", &lost.authentication.der), "sslclient").status.success());
    let tls = file("tls", &tls.der);
    let seen = verify(&tls, "sslserver");
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    let text = openssl(&["x509", "-in", tls.to_str().unwrap(), "-noout", "-text"]);
    assert!(text.contains("DNS:server.example, IP Address:127.0.0.1"), "{text}");
    assert!(text.contains("X509v3 Extended Key Usage: critical"), "{text}");
}

fn openssl(arguments: &[&str]) -> String {
    let seen = Command::new("openssl").args(arguments).output().unwrap();
    assert!(seen.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&seen.stderr));
    String::from_utf8_lossy(&seen.stdout).into_owned()
}

/// How long it takes is printed (`--nocapture`), not judged: a debug build on a busy machine says little.
#[tokio::test]
async fn a_revocation_list_of_ten_thousand_keys_is_made_whole() {
    let now = now();
    let company = company(now).await;
    let revoked: Vec<RevokedKey> = (0..10_000_u32)
        .map(|number| {
            let serial = |last: u8| [&[0x41][..], &number.to_be_bytes(), &[0; 10], &[last]].concat();
            RevokedKey { serials: vec![serial(1), serial(2)], state: KeyState::ALL[3 + number as usize % 5], at: now }
        })
        .collect();
    let begun = std::time::Instant::now();
    let crl = company.issuer.crl(1, now.plus_seconds(-60), now.plus_seconds(86_400), &revoked).await.unwrap();
    println!("10,000 keys, 20,000 serial numbers, {} bytes: {:?}", crl.len(), begun.elapsed());

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("crl");
    std::fs::write(&file, &crl).unwrap();
    let text = openssl(&["crl", "-inform", "DER", "-in", file.to_str().unwrap(), "-noout", "-text"]);
    assert_eq!(text.matches("Serial Number:").count(), 20_000);
}
