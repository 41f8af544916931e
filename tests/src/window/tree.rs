//! The accessibility tree, read whole: what is on the screen as a screen reader tells it.

use std::{collections::HashMap, fmt::Write as _, pin::Pin};

use anyhow::Result;
use atspi::{Interface, Role, State, StateSet};
use futures_util::future::join_all;

use super::accessible::{Accessible, Label};

/// The character that stands for a child in a text.
const CHILD: char = '\u{fffc}';

/// Something on the screen.
#[derive(Debug, Clone)]
pub struct Node {
    /// What kind of thing.
    pub role: Role,
    /// Its accessible name.
    pub name: String,
    /// What is said beside its name.
    pub description: String,
    /// Its own text, without that of its children.
    pub text: String,
    /// Its states.
    pub states: StateSet,
    /// Whether it can be pressed.
    pub pressable: bool,
    /// Its attributes; read for headings and landmarks only.
    pub attributes: HashMap<String, String>,
    /// What is in it.
    pub children: Vec<Self>,
    pub(super) object: Accessible,
}

/// All that is on the screen.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The program.
    pub root: Node,
}

type Reading<'a> = Pin<Box<dyn Future<Output = Option<Node>> + Send + 'a>>;

impl Tree {
    /// Reads everything below `root`; nothing if the program is gone.
    pub(super) async fn read(root: &Accessible) -> Option<Self> {
        Some(Self { root: read(root.clone()).await? })
    }

    /// Every node, in the order of reading.
    pub fn all(&self) -> impl Iterator<Item = &Node> {
        self.root.all()
    }

    /// The first node of this role whose name, or text if it has none, is this.
    pub fn find(&self, role: Role, name: &str) -> Option<&Node> {
        self.all().find(|node| node.role == role && node.says() == name)
    }

    /// The first node that can be pressed, or typed into, and has this name.
    pub fn control(&self, name: &str) -> Option<&Node> {
        self.all().find(|node| node.states.contains(State::Focusable) && node.says() == name)
    }

    /// Whether a name, description or text holds these words.
    pub fn says(&self, words: &str) -> bool {
        self.all().any(|node| node.mentions(words))
    }

    /// The node with the keyboard.
    pub fn focused(&self) -> Option<&Node> {
        // The innermost one: a document is focused along with the field in it.
        self.all().filter(|node| node.states.contains(State::Focused)).last()
    }

    /// All text, in the order of reading, a line for each node.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for node in self.all() {
            for part in [node.says(), node.description.trim()] {
                if !part.is_empty() {
                    words.push_str(part);
                    words.push('\n');
                }
            }
        }
        words
    }
}

impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.root.draw(0, &mut text);
        f.write_str(&text)
    }
}

impl Node {
    /// This node and everything in it, in the order of reading.
    pub fn all(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        Box::new(std::iter::once(self).chain(self.children.iter().flat_map(Self::all)))
    }

    /// Its name, or its text.
    pub fn says(&self) -> &str {
        let name = self.name.trim();
        if name.is_empty() { self.text.trim() } else { name }
    }

    /// Whether its name, description or text holds these words.
    pub fn mentions(&self, words: &str) -> bool {
        [&self.name, &self.description, &self.text].into_iter().any(|text| text.contains(words))
    }

    /// Whether it, or anything in it, holds these words.
    pub fn holds(&self, words: &str) -> bool {
        self.all().any(|node| node.mentions(words))
    }

    /// The first node in it of this role and name.
    pub fn find(&self, role: Role, name: &str) -> Option<&Self> {
        self.all().find(|node| node.role == role && node.says() == name)
    }

    /// Whether it has this state.
    pub fn is(&self, state: State) -> bool {
        self.states.contains(state)
    }

    /// The level of a heading.
    pub fn level(&self) -> Option<u32> {
        self.attributes.get("level")?.parse().ok()
    }

    fn draw(&self, depth: usize, into: &mut String) {
        let Self { role, name, description, text, .. } = self;
        let mut line = format!("{:1$}{role:?}", "", depth * 2);
        if !name.is_empty() {
            let _ = write!(line, " {name:?}");
        }
        if !text.is_empty() && text != name {
            let _ = write!(line, " text {text:?}");
        }
        if !description.is_empty() {
            let _ = write!(line, " ({description:?})");
        }
        for (state, word) in [
            (State::Focusable, "focusable"),
            (State::Focused, "FOCUSED"),
            (State::Checked, "checked"),
            (State::Selected, "selected"),
            (State::Pressed, "pressed"),
            (State::Busy, "busy"),
        ] {
            if self.is(state) {
                let _ = write!(line, " {word}");
            }
        }
        if self.is(State::Focusable) && !self.is(State::Enabled) {
            line.push_str(" disabled");
        }
        if let Some(level) = self.level() {
            let _ = write!(line, " level {level}");
        }
        if let Some(roles) = self.attributes.get("xml-roles") {
            let _ = write!(line, " <{roles}>");
        }
        into.push_str(&line);
        into.push('\n');
        for child in &self.children {
            child.draw(depth + 1, into);
        }
    }
}

impl Node {
    /// Reads a node without what is in it.
    pub(super) async fn alone(object: Accessible) -> Result<Self> {
        let (label, role, states, interfaces) =
            tokio::try_join!(object.label(), object.role(), object.states(), object.interfaces())?;
        let text = object.text(interfaces).await?.replace(CHILD, "");
        let Label { name, description, .. } = label;
        let pressable = interfaces.contains(Interface::Action);
        let (attributes, children) = (HashMap::new(), Vec::new());
        Ok(Self { role, name, description, text, states, pressable, attributes, children, object })
    }
}

/// Reads a node and what is in it, everything at once. What goes away meanwhile is left out.
fn read<'a>(object: Accessible) -> Reading<'a> {
    Box::pin(async move { read_node(object).await.ok() })
}

async fn read_node(object: Accessible) -> Result<Node> {
    let (label, role, states, interfaces) =
        tokio::try_join!(object.label(), object.role(), object.states(), object.interfaces())?;
    let attributes = async {
        match role {
            Role::Heading | Role::Landmark => object.attributes().await,
            _ => Ok(HashMap::new()),
        }
    };
    let below = async { Ok(join_all(object.children(label.children).await?.into_iter().map(read)).await) };
    let (text, attributes, children) = tokio::try_join!(object.text(interfaces), attributes, below)?;
    let pressable = interfaces.contains(Interface::Action);
    let children = children.into_iter().flatten().collect();
    let text = text.replace(CHILD, "");
    let Label { name, description, .. } = label;
    Ok(Node { role, name, description, text, states, pressable, attributes, children, object })
}
