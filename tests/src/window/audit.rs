//! What every screen must offer somebody who can't see it or has no pointer.

use atspi::{Role, State};

use super::{Node, Tree};

/// What is wrong with a screen, in sentences; empty if nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit(pub Vec<String>);

impl Audit {
    /// Looks at a screen: everything that takes the keyboard has a name, one first heading, levels without gaps, a main
    /// region, pictures with names. While a dialog is open nothing else is told, so it is the dialog that needs a name and a
    /// heading.
    pub fn of(tree: &Tree) -> Self {
        let mut wrong = Vec::new();
        let Some(page) = tree.all().find(|node| node.role == Role::DocumentWeb) else {
            return Self(vec!["there is no page".into()]);
        };
        for node in page.all().skip(1) {
            let (role, nameless) = (node.role, node.says().is_empty() && node.description.is_empty());
            // Regions and headings take it only from the program, to begin a screen there.
            let is_control = node.is(State::Focusable) && !matches!(role, Role::Landmark | Role::Heading);
            if is_control && nameless {
                wrong.push(format!("a {role:?} takes the keyboard and has no name"));
            }
            if role == Role::Image && nameless {
                wrong.push("a picture has no name".into());
            }
        }
        let headings = |part: &Node| -> Vec<u32> {
            part.all().filter(|node| node.role == Role::Heading).filter_map(Node::level).collect()
        };
        if let Some(dialog) = page.all().find(|node| matches!(node.role, Role::Dialog | Role::Alert)) {
            if dialog.name.trim().is_empty() || headings(dialog).is_empty() {
                wrong.push("a dialog without a name or a heading".into());
            }
            return Self(wrong);
        }
        let levels = headings(page);
        let first = levels.iter().filter(|level| **level == 1).count();
        if first != 1 {
            wrong.push(format!("{first} headings of level 1 instead of one (levels {levels:?})"));
        }
        if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) {
            wrong.push(format!("heading levels with a gap: {levels:?}"));
        }
        let is_main = |node: &Node| node.attributes.get("xml-roles").is_some_and(|roles| roles.contains("main"));
        if !page.all().any(is_main) {
            wrong.push("no region `main`".into());
        }
        Self(wrong)
    }
}
