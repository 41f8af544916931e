use crate::{
    certificate::Purpose,
    testpki::{self, TestPki},
};

#[test]
fn a_correct_leaf_of_each_kind_is_trusted_as_that_kind_only() {
    let pki = TestPki::new();
    for kind in Purpose::ALL {
        let leaf = pki.leaf(kind);
        for asked in Purpose::ALL {
            let answer = pki.anchor().validate(&leaf.chain, asked, testpki::now());
            assert_eq!(answer.is_ok(), kind == asked, "{kind:?} as {asked:?}: {answer:?}");
        }
    }
}
