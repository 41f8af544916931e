use std::path::PathBuf;

use gridkey_protocol::testpki::{self, TestPki};
use proptest::prelude::*;

use super::*;
use crate::{
    session::StreamKeeper as _,
    testing::{EPOCH, MemoryToken, push},
};

async fn open(folder: &Path) -> Store {
    let pki = TestPki::new();
    Store::open(folder, &MemoryToken::new(&pki).usb_key(&pki.anchor())).await.unwrap()
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    files.remove(0)
}

#[tokio::test]
async fn what_was_kept_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.remember("account", testpki::now(), &"value".to_owned()).unwrap();
    drop(store);
    let kept = open(folder.path()).await.recall::<String>("account").unwrap().unwrap();
    assert_eq!((kept.at, kept.value.as_str()), (testpki::now(), "value"));
}

#[tokio::test]
async fn the_file_shows_neither_names_nor_values() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    for round in 0..20 {
        let value = ["Riverside Steel Works", "1100000001", "+86 512 5555 0101"].join("/");
        store.remember(&format!("bill/B-2016-01-M1000000011/{round}"), testpki::now(), &value).unwrap();
    }
    drop(store);
    let bytes = std::fs::read(only_file(folder.path())).unwrap();
    for secret in ["Riverside", "1100000001", "5555", "B-2016", "M1000000011", "bill/"] {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in the file");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let nested = folder.path().join("gridkey");
    drop(open(&nested).await);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&nested), mode(&only_file(&nested))), (0o700, 0o600));
}

#[tokio::test]
async fn another_key_has_another_file_and_opens_no_other() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).await);
    let mine = only_file(folder.path());
    let pki = TestPki::new();
    let other = MemoryToken::new(&pki).with_agreement_seed(&pki, 9).usb_key(&pki.anchor());
    let theirs = Store::open(folder.path(), &other).await.unwrap();
    theirs.remember("account", testpki::now(), &"theirs".to_owned()).unwrap();
    drop(theirs);
    assert_eq!(open(folder.path()).await.recall::<String>("account").unwrap(), None);
    // Even put in its place, the file does not open.
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let their_file = files.iter().find(|file| **file != mine).unwrap();
    std::fs::copy(&mine, their_file).unwrap();
    assert!(matches!(Store::open(folder.path(), &other).await, Err(StoreError::OtherKey(_))));
}

#[tokio::test]
async fn a_key_without_an_x25519_key_keeps_nothing_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let pki = TestPki::new();
    let key = MemoryToken::new(&pki).without_agreement().usb_key(&pki.anchor());
    assert!(matches!(Store::open(folder.path(), &key).await, Err(StoreError::NoAgreementKey)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(!Store::in_memory().unwrap().is_durable());
}

#[tokio::test]
async fn two_programs_share_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (open(folder.path()).await, open(folder.path()).await);
    one.remember("account", testpki::now(), &1_u64).unwrap();
    assert_eq!(two.recall::<u64>("account").unwrap().map(|kept| kept.value), Some(1));
    two.remember("account", testpki::now(), &2_u64).unwrap();
    assert_eq!(one.recall::<u64>("account").unwrap().map(|kept| kept.value), Some(2));
}

#[tokio::test]
async fn a_change_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let outcome = store.change(|change| {
        change.put(Table::State, "half", &1_u64)?;
        Err::<(), _>(StoreError::Damaged("on purpose".into()))
    });
    assert!(outcome.is_err());
    assert_eq!(store.get::<u64>(Table::State, "half").unwrap(), None);
}

#[tokio::test]
async fn a_push_counts_once_and_a_person_sees_it_at_least_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    assert_eq!(store.position().unwrap(), None);
    store
        .restart(gridkey_protocol::handshake::Resume { epoch: gridkey_protocol::ByteArray(EPOCH), offset: 4 })
        .unwrap();
    assert!(store.place().unwrap().is_some_and(|place| place.reload));
    assert!(store.apply(EPOCH, &push(5)).unwrap());
    assert!(store.apply(EPOCH, &push(6)).unwrap());
    // Told again because nobody has seen it, counted once.
    assert!(store.apply(EPOCH, &push(5)).unwrap());
    assert_eq!(store.position().unwrap().map(|at| at.offset), Some(6));
    let unseen = store.unseen().unwrap();
    assert_eq!(unseen.len(), 2);
    store.mark_seen(&unseen, testpki::now()).unwrap();
    assert!(!store.apply(EPOCH, &push(6)).unwrap());
    assert_eq!(store.unseen().unwrap(), []);
    // Older than the place and never kept here: applied before the inbox was pruned.
    assert!(!store.apply(EPOCH, &push(3)).unwrap());
}

#[tokio::test]
async fn a_reload_counts_only_for_the_gap_it_was_made_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let at = |epoch, offset| gridkey_protocol::handshake::Resume { epoch: gridkey_protocol::ByteArray(epoch), offset };
    store.restart(at(EPOCH, 1)).unwrap();
    let place = store.place().unwrap().unwrap();
    store.restart(at([8; 16], 1)).unwrap();
    store.reloaded(place).unwrap();
    assert!(store.place().unwrap().unwrap().reload);
    store.reloaded(store.place().unwrap().unwrap()).unwrap();
    assert!(!store.place().unwrap().unwrap().reload);
}

proptest! {
    #[test]
    fn a_record_opens_only_unchanged_and_in_its_place(
        value in ".{0,40}", name in "[a-z]{1,8}", other in "[a-z]{1,8}", flip in any::<prop::sample::Index>(),
    ) {
        let vault = Vault::new(&crate::random::secret().unwrap());
        let hidden = vault.hide(Table::Cache, &name);
        let sealed = vault.seal(Table::Cache, &hidden, &value).unwrap();
        prop_assert_eq!(vault.open::<String>(Table::Cache, &hidden, &sealed).unwrap(), value);
        prop_assert!(vault.open::<String>(Table::Orders, &hidden, &sealed).is_err());
        if name != other {
            prop_assert!(vault.open::<String>(Table::Cache, &vault.hide(Table::Cache, &other), &sealed).is_err());
        }
        let mut broken = sealed.clone();
        let at = flip.index(broken.len());
        broken[at] ^= 1;
        prop_assert!(vault.open::<String>(Table::Cache, &hidden, &broken).is_err());
        prop_assert!(vault.open::<String>(Table::Cache, &hidden, &sealed[..at]).is_err());
    }
}
