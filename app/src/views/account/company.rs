//! Who the customer is.

use dioxus::prelude::*;
use gridkey_domain::account::Account;
use gridkey_kit::prelude::*;

/// What only the power company changes.
///
/// - `account`: the account.
#[component]
pub(super) fn Company(account: Account) -> Element {
    // Another kind than those of the contract is shown by its word.
    let kind = match account.kind.as_str() {
        "industrial" => t!("account-kind-industrial"),
        "commercial" => t!("account-kind-commercial"),
        "agricultural" => t!("account-kind-agricultural"),
        other => other.to_owned(),
    };
    rsx! {
        Card { title: t!("account-person"),
            Pairs {
                if language() == Language::English {
                    Pair { term: t!("account-name"), testid: "name", {account.name} }
                    Pair { term: t!("account-name-zh"), testid: "name-zh", span { lang: "zh-CN", {account.name_zh} } }
                } else {
                    Pair { term: t!("account-name-zh"), testid: "name-zh", {account.name_zh} }
                    Pair { term: t!("account-name"), testid: "name", span { lang: "en", {account.name} } }
                }
                Pair { term: t!("account-customer"), {account.customer.to_string()} }
                Pair { term: t!("account-kind"), {kind} }
                Pair { term: t!("account-grade"), {account.grade} }
                Pair { term: t!("account-balance"), testid: "balance", {format::signed_fen(account.balance)} }
            }
            p { class: "card-note", {t!("account-fixed")} }
        }
    }
}
