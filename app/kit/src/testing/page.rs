//! A page as a window would hold it: what the face draws, and where its listeners are.

use std::collections::{BTreeMap, HashMap};

use dioxus::core::{AttributeValue, ElementId, Template, TemplateAttribute, TemplateNode, WriteMutations};

/// An element or a text of the page.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The element's name; `None` for text.
    tag: Option<&'static str>,
    text: String,
    attributes: BTreeMap<String, String>,
    listeners: Vec<&'static str>,
    children: Vec<usize>,
    parent: Option<usize>,
    id: Option<ElementId>,
}

/// The page.
#[derive(Debug)]
pub(super) struct Page {
    nodes: Vec<Node>,
    by_id: HashMap<ElementId, usize>,
    stack: Vec<usize>,
}

impl Page {
    /// An empty page.
    pub(super) fn new() -> Self {
        let root = Node { tag: Some("body"), id: Some(ElementId(0)), ..Node::default() };
        Self { nodes: vec![root], by_id: HashMap::from([(ElementId(0), 0)]), stack: Vec::new() }
    }

    /// What can be read on it, in order.
    pub(super) fn text(&self) -> String {
        self.text_of(0).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The first element that is called `name`: by its test name, its accessible name, or its text.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let drawn: Vec<usize> = self.drawn(0).collect();
        let attribute = |key: &'static str| {
            drawn.iter().copied().find(|node| self.node(*node).attributes.get(key).is_some_and(|value| value == name))
        };
        let spoken = || {
            let tags = ["button", "a", "label", "h1", "h2", "option"];
            drawn
                .iter()
                .copied()
                .filter(|node| self.node(*node).tag.is_some_and(|tag| tags.contains(&tag)))
                .find(|node| self.text_of(*node).split_whitespace().collect::<Vec<_>>().join(" ") == name)
        };
        attribute("data-testid").or_else(|| attribute("aria-label")).or_else(spoken)
    }

    /// The place of `name`, or of the nearest element around it, where `event` is listened for.
    pub(super) fn listener(&self, name: &str, event: &str) -> Option<ElementId> {
        let mut node = Some(self.find(name)?);
        while let Some(index) = node {
            let place = self.node(index);
            if place.listeners.contains(&event) {
                return place.id;
            }
            node = place.parent;
        }
        None
    }

    /// An attribute of the element called `name`.
    pub(super) fn attribute(&self, name: &str, attribute: &str) -> Option<&str> {
        self.node(self.find(name)?).attributes.get(attribute).map(String::as_str)
    }

    fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    fn drawn(&self, from: usize) -> Box<dyn Iterator<Item = usize> + '_> {
        let below = self.node(from).children.iter().flat_map(|child| self.drawn(*child));
        Box::new(std::iter::once(from).chain(below))
    }

    fn text_of(&self, from: usize) -> String {
        let parts: Vec<&str> = self.drawn(from).map(|node| self.node(node).text.as_str()).collect();
        parts.join(" ")
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn name(&mut self, index: usize, id: ElementId) {
        self.nodes[index].id = Some(id);
        self.by_id.insert(id, index);
    }

    fn make(&mut self, template: &TemplateNode) -> usize {
        match template {
            TemplateNode::Element { tag, attrs, children, .. } => {
                let mut node = Node { tag: Some(tag), ..Node::default() };
                for attribute in *attrs {
                    if let TemplateAttribute::Static { name, value, .. } = attribute {
                        node.attributes.insert((*name).to_owned(), (*value).to_owned());
                    }
                }
                let index = self.add(node);
                for child in *children {
                    let child = self.make(child);
                    self.nodes[child].parent = Some(index);
                    self.nodes[index].children.push(child);
                }
                index
            }
            TemplateNode::Text { text } => self.add(Node { text: (*text).to_owned(), ..Node::default() }),
            TemplateNode::Dynamic { .. } => self.add(Node::default()),
        }
    }

    /// The node at `path` below the topmost one of the stack.
    fn at_path(&self, top: usize, path: &[u8]) -> usize {
        path.iter().fold(top, |node, step| self.nodes[node].children[usize::from(*step)])
    }

    fn pop(&mut self, count: usize) -> Vec<usize> {
        self.stack.split_off(self.stack.len() - count)
    }

    /// Puts `new` beside or in place of `old`.
    fn splice(&mut self, old: usize, new: Vec<usize>, before: usize, removed: usize) {
        let Some(parent) = self.nodes[old].parent else { return };
        for node in &new {
            self.detach(*node);
            self.nodes[*node].parent = Some(parent);
        }
        let children = &mut self.nodes[parent].children;
        let place = children.iter().position(|child| *child == old).expect("a child of its parent") + before;
        children.splice(place..place + removed, new);
        if removed > 0 {
            self.nodes[old].parent = None;
        }
    }

    fn detach(&mut self, node: usize) {
        if let Some(parent) = self.nodes[node].parent.take() {
            self.nodes[parent].children.retain(|child| *child != node);
        }
    }
}

impl WriteMutations for Page {
    fn append_children(&mut self, id: ElementId, m: usize) {
        let parent = self.by_id[&id];
        for child in self.pop(m) {
            self.detach(child);
            self.nodes[child].parent = Some(parent);
            self.nodes[parent].children.push(child);
        }
    }

    fn assign_node_id(&mut self, path: &'static [u8], id: ElementId) {
        let top = *self.stack.last().expect("a node on the stack");
        self.name(self.at_path(top, path), id);
    }

    fn create_placeholder(&mut self, id: ElementId) {
        let node = self.add(Node::default());
        self.name(node, id);
        self.stack.push(node);
    }

    fn create_text_node(&mut self, value: &str, id: ElementId) {
        let node = self.add(Node { text: value.to_owned(), ..Node::default() });
        self.name(node, id);
        self.stack.push(node);
    }

    fn load_template(&mut self, template: Template, index: usize, id: ElementId) {
        let node = self.make(&template.roots[index]);
        self.name(node, id);
        self.stack.push(node);
    }

    fn replace_node_with(&mut self, id: ElementId, m: usize) {
        let new = self.pop(m);
        self.splice(self.by_id[&id], new, 0, 1);
    }

    fn replace_placeholder_with_nodes(&mut self, path: &'static [u8], m: usize) {
        let new = self.pop(m);
        let top = *self.stack.last().expect("a node on the stack");
        self.splice(self.at_path(top, path), new, 0, 1);
    }

    fn insert_nodes_after(&mut self, id: ElementId, m: usize) {
        let new = self.pop(m);
        self.splice(self.by_id[&id], new, 1, 0);
    }

    fn insert_nodes_before(&mut self, id: ElementId, m: usize) {
        let new = self.pop(m);
        self.splice(self.by_id[&id], new, 0, 0);
    }

    fn set_attribute(&mut self, name: &'static str, _: Option<&'static str>, value: &AttributeValue, id: ElementId) {
        let value = match value {
            AttributeValue::Text(text) => Some(text.clone()),
            AttributeValue::Float(number) => Some(number.to_string()),
            AttributeValue::Int(number) => Some(number.to_string()),
            AttributeValue::Bool(true) => Some("true".to_owned()),
            _ => None,
        };
        let attributes = &mut self.nodes[self.by_id[&id]].attributes;
        match value {
            Some(value) => attributes.insert(name.to_owned(), value),
            None => attributes.remove(name),
        };
    }

    fn set_node_text(&mut self, value: &str, id: ElementId) {
        let node = self.by_id[&id];
        self.nodes[node].text = value.to_owned();
    }

    fn create_event_listener(&mut self, name: &'static str, id: ElementId) {
        let node = self.by_id[&id];
        self.nodes[node].listeners.push(name);
    }

    fn remove_event_listener(&mut self, name: &'static str, id: ElementId) {
        let node = self.by_id[&id];
        self.nodes[node].listeners.retain(|listener| *listener != name);
    }

    fn remove_node(&mut self, id: ElementId) {
        self.detach(self.by_id[&id]);
    }

    fn push_root(&mut self, id: ElementId) {
        self.stack.push(self.by_id[&id]);
    }
}
