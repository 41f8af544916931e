//! An identity whose files change while it is in use.

use std::{fs, path::Path, sync::Arc};

use gridkey_domain::Timestamp;
use gridkey_service::tls::{self, ClientAuth, Kept, TlsError, Versions};
use rcgen::ExtendedKeyUsagePurpose;
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};

use crate::{
    certificates::{Root, purpose},
    support::{loopback, write},
};

const SERVER: fn(&mut rcgen::CertificateParams) = |params| {
    purpose(ExtendedKeyUsagePurpose::ServerAuth)(params);
};

/// Writes another file and puts it into the place.
fn put(path: &Path, text: &str) {
    let fresh = path.with_extension("fresh");
    write(&fresh, text, 0o600);
    fs::rename(fresh, path).unwrap();
}

fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}

/// Says back what it is told, for ever.
async fn echo(listener: TcpListener, identity: Arc<Kept>) {
    let config = tls::kept_server_config(identity, ClientAuth::None, Versions::Tls13).unwrap();
    let acceptor = TlsAcceptor::from(config);
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut byte = [0];
            while stream.read_exact(&mut byte).await.is_ok() {
                stream.write_all(&byte).await.unwrap();
            }
        });
    }
}

async fn connect(root: &Root, port: u16) -> TlsStream<TcpStream> {
    let config = tls::client_config(&[root.der()], None, Versions::Tls13).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

async fn talks(stream: &mut TlsStream<TcpStream>) -> bool {
    let mut byte = [0];
    stream.write_all(b"x").await.is_ok() && stream.read_exact(&mut byte).await.is_ok() && byte == *b"x"
}

fn leaf(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

#[tokio::test]
async fn a_new_pair_is_used_by_who_comes_next_and_nobody_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    let root = Root::new();
    let (first, second) = (root.pem("localhost", SERVER), root.pem("localhost", SERVER));
    write(&chain, &first.0, 0o644);
    write(&key, &first.1, 0o600);
    let kept = Kept::open("kept-test", &chain, &key).unwrap();
    let (listener, address) = loopback().await;
    let served = tokio::spawn(echo(listener, Arc::clone(&kept)));

    let mut before = connect(&root, address.port()).await;
    assert!(!kept.look(now(), false).unwrap(), "nothing changed");
    put(&chain, &second.0);
    assert!(kept.look(now(), false).is_err(), "the key is still the old one");
    assert_eq!(leaf(&connect(&root, address.port()).await), leaf(&before), "what was in use stays so");
    put(&key, &second.1);
    assert!(kept.look(now(), false).unwrap());
    let mut after = connect(&root, address.port()).await;
    assert_ne!(leaf(&after), leaf(&before));
    assert!(talks(&mut after).await && talks(&mut before).await, "an open connection goes on");
    served.abort();
}

#[tokio::test]
async fn what_is_out_of_its_time_or_no_pair_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    let root = Root::new();
    let good = root.pem("localhost", SERVER);
    write(&chain, &good.0, 0o644);
    write(&key, &good.1, 0o600);
    let kept = Kept::open("kept-test-2", &chain, &key).unwrap();
    let end = kept.not_after();
    let late = root.pem("localhost", |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    put(&chain, &late.0);
    put(&key, &late.1);
    assert!(matches!(kept.look(now(), false), Err(TlsError::OutOfTime { .. })));
    assert!(!kept.look(now(), false).unwrap(), "the same files are not complained of again");
    put(&chain, "no certificate");
    assert!(kept.look(now(), true).is_err());
    fs::remove_file(&chain).unwrap();
    assert!(kept.look(now(), false).is_err());
    assert_eq!(kept.not_after(), end);
    put(&chain, &good.0);
    put(&key, &good.1);
    assert!(!kept.look(now(), false).unwrap(), "the one in use is back");
    assert!(Kept::open("kept-test-3", &folder.path().join("none"), &key).is_err());
}
