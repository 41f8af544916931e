//! Every pair of colours that stands as text or mark on ground is read by weak eyes too: WCAG 2.2, level AA.

#![expect(clippy::float_arithmetic, reason = "relative luminance is defined with real powers")]

use std::collections::BTreeMap;

use gridkey_kit::style::CSS;

/// Text needs 4.5 : 1 on its ground.
const TEXT: [(&str, &[&str]); 10] = [
    (
        "ink",
        &[
            "bg",
            "card",
            "raised",
            "chosen",
            "hover",
            "neutral-wash",
            "accent-wash",
            "warning-wash",
            "danger-wash",
            "good-wash",
        ],
    ),
    ("muted", &["bg", "card", "raised", "hover", "neutral-wash", "accent-wash"]),
    ("accent", &["bg", "card", "raised", "hover", "accent-wash"]),
    ("warning", &["warning-wash", "bg", "card", "raised"]),
    ("danger", &["danger-wash", "bg", "card", "raised"]),
    ("good", &["good-wash", "bg", "card", "raised"]),
    ("on-accent", &["accent"]),
    ("on-accent", &["accent-strong"]),
    ("on-danger", &["danger"]),
    ("on-danger", &["danger-strong"]),
];

/// Edges of controls, dots and parts of charts need 3 : 1.
const MARKS: [&str; 11] =
    ["field-line", "valley", "flat", "peak", "sharp", "total", "before", "accent", "warning", "danger", "good"];

#[test]
fn text_and_marks_stand_out_in_light_and_dark() {
    let colours = tokens(CSS);
    let mut faults = Vec::new();
    let mut check = |front: &str, ground: &str, needed: f64| {
        for (theme, side) in ["light", "dark"].into_iter().enumerate() {
            let found = contrast(colours[front][theme], colours[ground][theme]);
            if found < needed {
                faults.push(format!("--{front} on --{ground}, {side}: {found:.2} of {needed}"));
            }
        }
    };
    for (front, grounds) in TEXT {
        grounds.iter().for_each(|ground| check(front, ground, 4.5));
    }
    for mark in MARKS {
        ["card", "bg"].into_iter().for_each(|ground| check(mark, ground, 3.0));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn black_on_white_is_the_most_there_is() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 0.01);
    assert!((contrast([255, 255, 255], [255, 255, 255]) - 1.0).abs() < 0.01);
}

/// The colours of light and dark by the name of their token.
fn tokens(css: &str) -> BTreeMap<String, [[u8; 3]; 2]> {
    let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": light-dark("));
    let pairs = lines.filter_map(|(name, rest)| {
        let (light, dark) = rest.trim_end_matches(");").split_once(", ")?;
        Some((name.to_owned(), [hex(light)?, hex(dark)?]))
    });
    pairs.collect()
}

fn hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}
