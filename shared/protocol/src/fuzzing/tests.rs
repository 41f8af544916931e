use proptest::prelude::*;

use super::*;

#[test]
fn every_body_has_a_target_and_seeds() {
    let folder = std::path::Path::new("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for Target { name, .. } in TARGETS {
        let file = std::fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(file.contains(&format!("gridkey_protocol::fuzzing::{name}(input)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        assert!(!seeds(name).is_empty(), "{name} has no seeds");
    }
    assert_eq!(std::fs::read_dir(folder.join("fuzz_targets")).unwrap().count(), TARGETS.len());
}

#[test]
fn every_seed_passes_its_body() {
    for target in TARGETS {
        for seed in seeds(target.name) {
            (target.run)(&seed);
        }
    }
}

/// What a fuzzer does to an input.
#[derive(Debug, Clone)]
enum Change {
    Flip(prop::sample::Index, u8),
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Append(Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => (index(), 0_u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        3 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => index().prop_map(Change::Cut),
        2 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => index().prop_map(Change::Remove),
        1 => proptest::collection::vec(any::<u8>(), 1..8).prop_map(Change::Append),
    ]
}

fn apply(input: &mut Vec<u8>, change: &Change) {
    if input.is_empty() {
        return;
    }
    match change {
        Change::Flip(at, bit) => {
            let at = at.index(input.len());
            input[at] ^= 1 << bit;
        }
        Change::Set(at, byte) => {
            let at = at.index(input.len());
            input[at] = *byte;
        }
        Change::Cut(at) => input.truncate(at.index(input.len())),
        Change::Insert(at, byte) => input.insert(at.index(input.len()), *byte),
        Change::Remove(at) => drop(input.remove(at.index(input.len()))),
        Change::Append(bytes) => input.extend(bytes),
    }
}

static SEEDS: LazyLock<Vec<(Target, Vec<Vec<u8>>)>> =
    LazyLock::new(|| TARGETS.iter().map(|target| (*target, seeds(target.name))).collect());

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_body_panics_on_arbitrary_bytes(input in proptest::collection::vec(any::<u8>(), 0..400)) {
        for target in TARGETS {
            (target.run)(&input);
        }
    }

    #[test]
    fn no_body_panics_on_broken_messages(
        which in any::<prop::sample::Index>(), changes in proptest::collection::vec(change(), 1..4),
    ) {
        for (target, seeds) in SEEDS.iter() {
            let mut input = which.get(seeds).clone();
            for change in &changes {
                apply(&mut input, change);
            }
            (target.run)(&input);
        }
    }
}
