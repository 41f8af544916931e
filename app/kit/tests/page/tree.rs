//! The elements of a page, read from the virtual tree.

use std::collections::BTreeMap;

use dioxus::core::{AttributeValue, DynamicNode, TemplateAttribute, TemplateNode, VNode, VirtualDom};

/// An element.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Its number, if it listens to anything or has attributes that can change.
    pub(crate) id: Option<usize>,
    tag: String,
    attributes: BTreeMap<String, String>,
    listeners: Vec<String>,
    text: String,
    labels: Vec<(String, String)>,
}

impl Node {
    /// An attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Whether it listens to the event.
    pub(crate) fn listens(&self, event: &str) -> bool {
        self.listeners.iter().any(|listener| listener == event)
    }

    /// What it is to those who do not see it.
    pub(crate) fn role(&self) -> &str {
        match (self.attribute("role"), self.tag.as_str(), self.attribute("type")) {
            (Some(role), ..) => role,
            (None, "input", Some("checkbox")) => "checkbox",
            (None, "input", Some("password")) => "password",
            (None, "input" | "textarea", _) => "textbox",
            (None, "select", _) => "combobox",
            (None, "a", _) => "link",
            (None, tag, _) => tag,
        }
    }

    /// What it is called: its label, or the text in it.
    pub(crate) fn name(&self) -> &str {
        let bound = self.labels.iter().find(|(target, _)| Some(target.as_str()) == self.attribute("id"));
        match (self.attribute("aria-label"), bound) {
            (Some(label), _) => label,
            (None, Some((_, label))) => label,
            (None, None) => self.text.trim(),
        }
    }
}

/// Every element below the root, in the order of the page.
pub(super) fn nodes(dom: &VirtualDom) -> Vec<Node> {
    let mut all = Vec::new();
    vnode(dom, dom.base_scope().root_node(), &mut all, &mut Vec::new());
    let labels: Vec<(String, String)> = all
        .iter()
        .filter(|node| node.tag == "label")
        .filter_map(|node| Some((node.attribute("for")?.to_owned(), node.text.trim().to_owned())))
        .collect();
    for node in &mut all {
        node.labels.clone_from(&labels);
    }
    all
}

fn vnode(dom: &VirtualDom, node: &VNode, all: &mut Vec<Node>, above: &mut Vec<usize>) {
    for root in node.template.roots {
        template(dom, node, root, all, above);
    }
}

fn template(dom: &VirtualDom, node: &VNode, part: &TemplateNode, all: &mut Vec<Node>, above: &mut Vec<usize>) {
    match part {
        TemplateNode::Text { text } => say(all, above, text),
        TemplateNode::Dynamic { id } => match &node.dynamic_nodes[*id] {
            DynamicNode::Text(text) => say(all, above, &text.value),
            DynamicNode::Placeholder(_) => {}
            DynamicNode::Fragment(nodes) => nodes.iter().for_each(|inner| vnode(dom, inner, all, above)),
            DynamicNode::Component(component) => {
                if let Some(scope) = component.mounted_scope(*id, node, dom) {
                    vnode(dom, scope.root_node(), all, above);
                }
            }
        },
        TemplateNode::Element { tag, attrs, children, .. } => {
            let mut element = Node {
                id: None,
                tag: (*tag).to_owned(),
                attributes: BTreeMap::new(),
                listeners: Vec::new(),
                text: String::new(),
                labels: Vec::new(),
            };
            for attribute in *attrs {
                match attribute {
                    TemplateAttribute::Static { name, value, .. } => {
                        element.attributes.insert((*name).to_owned(), (*value).to_owned());
                    }
                    TemplateAttribute::Dynamic { id } => {
                        element.id = node.mounted_dynamic_attribute(*id, dom).map(|id| id.0);
                        for attribute in &*node.dynamic_attrs[*id] {
                            take(&mut element, attribute.name, &attribute.value);
                        }
                    }
                }
            }
            above.push(all.len());
            all.push(element);
            for child in *children {
                template(dom, node, child, all, above);
            }
            above.pop();
        }
    }
}

fn take(element: &mut Node, name: &str, value: &AttributeValue) {
    let text = match value {
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::Int(number) => number.to_string(),
        AttributeValue::Float(number) => number.to_string(),
        AttributeValue::Bool(true) => "true".to_owned(),
        AttributeValue::Listener(_) => {
            element.listeners.push(name.trim_start_matches("on").to_owned());
            return;
        }
        AttributeValue::Bool(false) | AttributeValue::Any(_) | AttributeValue::None => return,
    };
    element.attributes.insert(name.to_owned(), text);
}

fn say(all: &mut [Node], above: &[usize], text: &str) {
    for index in above {
        all[*index].text.push_str(text);
    }
}
