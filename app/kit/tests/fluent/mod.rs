//! What Fluent files say, and what sources ask of them.

use std::collections::BTreeSet;

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// A text.
pub(crate) struct Message {
    pub(crate) id: String,
    /// The names of the values it takes.
    pub(crate) variables: BTreeSet<String>,
    /// Its words, all forms together.
    pub(crate) text: String,
}

/// The texts of a file, or what is wrong with it.
pub(crate) fn messages(text: &str) -> Result<Vec<Message>, String> {
    let resource = parser::parse(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    let messages = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name, message.value.as_ref())),
        _ => None,
    });
    messages
        .map(|(id, value)| {
            let value = value.ok_or_else(|| format!("{id} has no words"))?;
            let mut message = Message { id: id.to_owned(), variables: BTreeSet::new(), text: String::new() };
            pattern(value, &mut message);
            Ok(message)
        })
        .collect()
}

fn pattern(pattern: &Pattern<&str>, message: &mut Message) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => message.text.push_str(value),
            PatternElement::Placeable { expression } => expression_of(expression, message),
        }
    }
}

fn expression_of(expression: &Expression<&str>, message: &mut Message) {
    match expression {
        Expression::Inline(inline) => inline_of(inline, message),
        Expression::Select { selector, variants } => {
            inline_of(selector, message);
            for variant in variants {
                pattern(&variant.value, message);
            }
        }
    }
}

fn inline_of(inline: &InlineExpression<&str>, message: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            message.variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => expression_of(expression, message),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_of(argument, message);
            }
        }
        InlineExpression::StringLiteral { value } => message.text.push_str(value),
        _ => message.text.push('…'),
    }
}

/// The calls of `t!` with a literal id: the id, and the names of the values given.
pub(crate) fn calls(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("t!(") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = code[at + 3..].trim_start();
        let Some((id, rest)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) else { continue };
        found.push((id.to_owned(), names(rest)));
    }
    found
}

/// The names before a single `=` up to the closing bracket of the call.
fn names(rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut depth, mut quoted, mut word, mut start) = (0, false, String::new(), false);
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if quoted => drop(characters.next()),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                start = true;
                word.clear();
            }
            '=' if depth == 0 && start => {
                if characters.peek() != Some(&'=') && !word.is_empty() {
                    names.insert(word.clone());
                }
                start = false;
            }
            c if start && (c.is_alphanumeric() || c == '_') => word.push(c),
            c if start && !c.is_whitespace() => start = false,
            _ => {}
        }
    }
    names
}
