//! What every screen must offer somebody who can't see it or has no pointer.

use atspi::{Role, State};

use super::Tree;

/// What is wrong with a screen, in sentences; empty if nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit(pub Vec<String>);

impl Audit {
    /// Looks at a screen: everything that takes the keyboard has a name, one first heading, levels without gaps, a main
    /// region, pictures with names.
    pub fn of(tree: &Tree) -> Self {
        let mut wrong = Vec::new();
        let Some(page) = tree.all().find(|node| node.role == Role::DocumentWeb) else {
            return Self(vec!["there is no page".into()]);
        };
        for node in page.all().skip(1) {
            let (role, says) = (node.role, node.says());
            if node.is(State::Focusable) && says.is_empty() && node.description.is_empty() {
                wrong.push(format!("a {role:?} takes the keyboard and has no name"));
            }
            if role == Role::Image && says.is_empty() && node.description.is_empty() {
                wrong.push("a picture has no name".into());
            }
        }
        let levels: Vec<u32> =
            page.all().filter(|node| node.role == Role::Heading).filter_map(super::Node::level).collect();
        let first = levels.iter().filter(|level| **level == 1).count();
        if first != 1 {
            wrong.push(format!("{first} headings of level 1 instead of one (levels {levels:?})"));
        }
        if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) {
            wrong.push(format!("heading levels with a gap: {levels:?}"));
        }
        let landmark = |name: &str| {
            page.all().any(|node| node.attributes.get("xml-roles").is_some_and(|roles| roles.contains(name)))
        };
        if !landmark("main") {
            wrong.push("no region `main`".into());
        }
        Self(wrong)
    }
}
