use std::path::PathBuf;

use proptest::option;
use proptest::prelude::*;

use super::{ObjectType, Pkcs11Uri, UriError};

fn parse(text: &str) -> Result<Pkcs11Uri, UriError> {
    text.parse()
}

#[test]
fn examples_of_rfc_7512_are_read() {
    assert_eq!(parse("pkcs11:"), Ok(Pkcs11Uri::default()));
    let uri = parse("pkcs11:object=my-pubkey;type=public").expect("a URI");
    assert_eq!((uri.object.as_deref(), uri.object_type), (Some("my-pubkey"), Some(ObjectType::Public)));
    let uri = parse(
        "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;\
         object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin",
    )
    .expect("a URI");
    assert_eq!(uri.token.as_deref(), Some("The Software PKCS#11 Softtoken"));
    assert_eq!(uri.manufacturer.as_deref(), Some("Snake Oil, Inc."));
    assert_eq!(uri.id.as_deref(), Some(&[0x69, 0x95, 0x3e, 0x5c, 0xf4, 0xbd, 0xec, 0x91][..]));
    assert_eq!(uri.serial.as_deref(), Some(""));
    assert_eq!(uri.pin_source, Some(PathBuf::from("/etc/token_pin")));
    let uri =
        parse("PKCS11:slot-id=327?module-path=/usr/lib/libsofthsm2.so&pin-source=file:///run/pin").expect("a URI");
    assert_eq!(uri.slot_id, Some(327));
    assert_eq!(uri.module_path, Some(PathBuf::from("/usr/lib/libsofthsm2.so")));
    assert_eq!(uri.pin_source, Some(PathBuf::from("/run/pin")));
}

#[test]
fn what_could_select_another_token_is_refused() {
    let unknown = |name: &str| Err(UriError::Unknown(name.to_owned()));
    assert_eq!(parse("http://x"), Err(UriError::Scheme));
    assert_eq!(parse("pkcs11:tokens=a"), unknown("tokens"));
    assert_eq!(parse("pkcs11:library-version=3"), unknown("library-version"));
    assert_eq!(parse("pkcs11:x-vendor=1"), unknown("x-vendor"));
    assert_eq!(parse("pkcs11:token=a;token=a"), Err(UriError::Twice("token".to_owned())));
    assert_eq!(parse("pkcs11:token=a;"), Err(UriError::NoValue(String::new())));
    assert_eq!(parse("pkcs11:token"), Err(UriError::NoValue("token".to_owned())));
    assert_eq!(parse("pkcs11:token=a b"), Err(UriError::Encoding("token".to_owned())));
    assert_eq!(parse("pkcs11:token=%4"), Err(UriError::Encoding("token".to_owned())));
    assert_eq!(parse("pkcs11:token=%+1"), Err(UriError::Encoding("token".to_owned())));
    assert_eq!(parse("pkcs11:token=%FF"), Err(UriError::Value("token".to_owned())));
    assert_eq!(parse("pkcs11:slot-id=+1"), Err(UriError::Value("slot-id".to_owned())));
    assert_eq!(parse("pkcs11:slot-id="), Err(UriError::Value("slot-id".to_owned())));
    assert_eq!(parse("pkcs11:type=key"), Err(UriError::Value("type".to_owned())));
}

#[test]
fn pins_and_programs_are_refused() {
    let error = parse("pkcs11:token=a?pin-value=123456").expect_err("a PIN in a URI");
    assert_eq!(error, UriError::PinValue);
    assert!(!error.to_string().contains("123456"));
    assert_eq!(parse("pkcs11:?pin-source=%7Ccat%20/pin"), Err(UriError::Value("pin-source".to_owned())));
    assert_eq!(parse("pkcs11:?pin-source=file:"), Err(UriError::Value("pin-source".to_owned())));
}

fn object_type() -> impl Strategy<Value = ObjectType> {
    prop_oneof![
        Just(ObjectType::Private),
        Just(ObjectType::Public),
        Just(ObjectType::Cert),
        Just(ObjectType::SecretKey),
        Just(ObjectType::Data),
    ]
}

prop_compose! {
    fn any_uri()(
        texts in proptest::array::uniform5(option::of(any::<String>())),
        slot_id in option::of(any::<u64>()),
        id in option::of(proptest::collection::vec(any::<u8>(), 0..24)),
        object_type in option::of(object_type()),
        module_path in option::of("[^|].{0,20}"),
        pin_source in option::of("/{1,3}[^|].{0,20}"),
    ) -> Pkcs11Uri {
        let [token, manufacturer, serial, model, object] = texts;
        Pkcs11Uri {
            token, manufacturer, serial, model, slot_id, object, id, object_type,
            module_path: module_path.map(PathBuf::from),
            pin_source: pin_source.map(PathBuf::from),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(uri in any_uri()) {
        prop_assert_eq!(parse(&uri.to_string()), Ok(uri));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(pkcs11:)?\\PC{0,80}") {
        if let Ok(uri) = parse(&text) {
            prop_assert_eq!(parse(&uri.to_string()), Ok(uri));
        }
    }

    #[test]
    fn near_uris_are_read_or_refused_alike_when_written_again(
        text in "pkcs11:((token|id|type|slot-id|serial)=([a-z0-9]|%[0-9A-F]{2}){0,6};?){0,3}(\\?pin-source=(file:)?/{0,4}[a-z]{0,3})?"
    ) {
        if let Ok(uri) = parse(&text) {
            prop_assert_eq!(parse(&uri.to_string()), Ok(uri));
        }
    }
}
