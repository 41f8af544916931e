//! Challenges: each is made for one asker and one subject, is good for some minutes, and is used up by the first answer. They live
//! in memory only; after a restart the asker takes another.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use gridkey_domain::{CustomerNo, Timestamp};
use gridkey_protocol::{
    ByteArray,
    crypto::{self, Secret32},
    ops::key::Challenge,
    possession::{self, CHALLENGE_SECONDS, PossessionError},
};
use subtle::ConstantTimeEq as _;

use crate::{
    issue::PublicPairs,
    store::{AdminRole, Fingerprint},
};

/// Challenges that may be open at once.
const MOST: usize = 10_000;

/// For whom a key is to be certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A customer.
    Customer(CustomerNo),
    /// An administrator: the name of the post, and what it may do.
    Admin(String, AdminRole),
}

impl Subject {
    /// The name in the certificate.
    pub fn name(&self) -> &str {
        match self {
            Self::Customer(customer) => customer.as_str(),
            Self::Admin(name, _) => name,
        }
    }
}

/// What was answered to a challenge.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The PKCS#10 request, DER.
    pub request: &'a [u8],
    /// The X25519 key and its answer.
    pub agreement: Option<([u8; 32], [u8; 32])>,
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The challenge is not known, was answered already, belongs to somebody else, or its time is over.
    #[error("the challenge is not known, or its time is over")]
    Unknown,
    /// The request is not good.
    #[error(transparent)]
    Request(#[from] PossessionError),
    /// A customer's key has an X25519 key, an administrator's has none.
    #[error("a customer's key needs an X25519 key, an administrator's has none")]
    Pairs,
    /// The X25519 key's answer is wrong.
    #[error("the X25519 key's answer is not right")]
    Agreement,
}

struct Open {
    ephemeral: Secret32,
    subject: Subject,
    asker: Fingerprint,
    expires: Timestamp,
}

/// The open challenges.
#[derive(Default)]
pub struct Challenges(Mutex<HashMap<[u8; 32], Open>>);

impl Challenges {
    /// Opens a challenge for `asker` with fresh randomness: 32 bytes and an X25519 secret. `None` if too many are open.
    pub fn open(
        &self,
        random: ([u8; 32], Secret32),
        subject: Subject,
        asker: Fingerprint,
        now: Timestamp,
    ) -> Option<Challenge> {
        let (challenge, ephemeral) = random;
        let expires = now.plus_seconds(CHALLENGE_SECONDS);
        let told = Challenge {
            challenge: ByteArray(challenge),
            ephemeral: ByteArray(crypto::x25519_public(&ephemeral)),
            name: subject.name().to_owned(),
            expires,
        };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, open| open.expires >= now);
        if open.len() >= MOST {
            return None;
        }
        open.insert(challenge, Open { ephemeral, subject, asker, expires });
        Some(told)
    }

    /// Uses up the challenge that the request carries and judges the answer.
    ///
    /// # Errors
    /// [`ProofError`]; the challenge is used up whatever is wrong with the answer, unless it is somebody else's.
    pub fn prove(
        &self,
        answer: Answer<'_>,
        asker: &Fingerprint,
        now: Timestamp,
    ) -> Result<(Subject, PublicPairs), ProofError> {
        let request = possession::read_request(answer.request)?;
        let open = {
            let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match open.get(&request.challenge) {
                Some(found) if found.asker == *asker => open.remove(&request.challenge),
                _ => None,
            }
        };
        let open = open.filter(|open| open.expires >= now).ok_or(ProofError::Unknown)?;
        let agreement = match (&open.subject, answer.agreement) {
            (Subject::Customer(_), Some((key, answered))) => {
                let shared = crypto::x25519(&open.ephemeral, &key).map_err(|_| ProofError::Agreement)?;
                let expected = possession::agreement_answer(&shared, &request.challenge, &request.public_key, &key);
                if !bool::from(expected.ct_eq(&answered)) {
                    return Err(ProofError::Agreement);
                }
                Some(key)
            }
            (Subject::Admin(..), None) => None,
            _ => return Err(ProofError::Pairs),
        };
        Ok((open.subject, PublicPairs { authentication: request.public_key, agreement, token: None }))
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};
    use gridkey_protocol::possession::RequestDraft;

    use super::*;

    const ASKER: Fingerprint = [1; 32];
    const AGREEMENT: [u8; 32] = [7; 32];

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_334_400)
    }

    fn customer() -> Subject {
        Subject::Customer("1100000001".parse().unwrap())
    }

    fn open(challenges: &Challenges, subject: Subject) -> Challenge {
        challenges.open(([9; 32], Secret32::from([5; 32])), subject, ASKER, now()).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[3; 32])
    }

    fn request(challenge: &Challenge) -> Vec<u8> {
        let public = key().verifying_key().to_bytes();
        let draft = RequestDraft::new(&challenge.name, &public, &challenge.challenge.0).unwrap();
        let signature = key().sign(draft.to_sign()).to_bytes();
        draft.finish(&signature).unwrap()
    }

    fn agreed(challenge: &Challenge) -> ([u8; 32], [u8; 32]) {
        let (signing, agreement) = (key().verifying_key().to_bytes(), crypto::x25519_public(&AGREEMENT));
        let shared = crypto::x25519(&AGREEMENT, &challenge.ephemeral.0).unwrap();
        (agreement, *possession::agreement_answer(&shared, &challenge.challenge.0, &signing, &agreement))
    }

    #[test]
    fn a_right_answer_is_taken_once() {
        let challenges = Challenges::default();
        let challenge = open(&challenges, customer());
        let request = request(&challenge);
        let answer = Answer { request: &request, agreement: Some(agreed(&challenge)) };
        let stranger = challenges.prove(answer, &[2; 32], now());
        assert_eq!(stranger, Err(ProofError::Unknown), "another's answer does not even use it up");
        let (subject, pairs) = challenges.prove(answer, &ASKER, now()).unwrap();
        assert_eq!(subject, customer());
        assert_eq!(pairs.authentication, key().verifying_key().to_bytes());
        assert_eq!(pairs.agreement, Some(crypto::x25519_public(&AGREEMENT)));
        assert_eq!(challenges.prove(answer, &ASKER, now()), Err(ProofError::Unknown));
    }

    #[test]
    fn a_late_answer_is_refused() {
        let challenges = Challenges::default();
        let challenge = open(&challenges, customer());
        let request = request(&challenge);
        let answer = Answer { request: &request, agreement: Some(agreed(&challenge)) };
        let late = challenge.expires.plus_seconds(1);
        assert_eq!(challenges.prove(answer, &ASKER, late), Err(ProofError::Unknown));
    }

    #[test]
    fn a_wrong_agreement_uses_the_challenge_up() {
        let challenges = Challenges::default();
        let challenge = open(&challenges, customer());
        let request = request(&challenge);
        let (agreement, mut wrong) = agreed(&challenge);
        wrong[0] ^= 1;
        let answer = Answer { request: &request, agreement: Some((agreement, wrong)) };
        assert_eq!(challenges.prove(answer, &ASKER, now()), Err(ProofError::Agreement));
        let right = Answer { agreement: Some(agreed(&challenge)), ..answer };
        assert_eq!(challenges.prove(right, &ASKER, now()), Err(ProofError::Unknown));
    }

    #[test]
    fn each_kind_of_key_has_its_own_pairs() {
        let challenges = Challenges::default();
        let challenge = open(&challenges, customer());
        let alone = request(&challenge);
        let without = Answer { request: &alone, agreement: None };
        assert_eq!(challenges.prove(without, &ASKER, now()), Err(ProofError::Pairs));
        let admin = Subject::Admin("desk-3".to_owned(), AdminRole::Operator);
        let challenge = open(&challenges, admin.clone());
        let alone = request(&challenge);
        let with = Answer { request: &alone, agreement: Some(agreed(&challenge)) };
        assert_eq!(challenges.prove(with, &ASKER, now()), Err(ProofError::Pairs));
        open(&challenges, admin.clone());
        let without = Answer { request: &alone, agreement: None };
        assert_eq!(challenges.prove(without, &ASKER, now()).unwrap().0, admin);
    }

    #[test]
    fn open_challenges_are_limited_and_old_ones_make_room() {
        let challenges = Challenges::default();
        let open = |n: usize, now| {
            let mut id = [0; 32];
            id[..8].copy_from_slice(&n.to_be_bytes());
            challenges.open((id, Secret32::from([5; 32])), customer(), ASKER, now)
        };
        assert!((0..MOST).all(|n| open(n, now()).is_some()));
        assert!(open(MOST, now()).is_none());
        assert!(open(MOST, now().plus_seconds(CHALLENGE_SECONDS + 1)).is_some());
    }
}
