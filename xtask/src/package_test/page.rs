//! The operators' page, as far as it is run: its blocks of commands, section by section.

use anyhow::{Context, Result};

use crate::workspace::root;

/// `docs/operations.md`.
pub(super) struct Page {
    text: String,
}

impl Page {
    pub(super) fn read() -> Result<Self> {
        let path = root().join("docs/operations.md");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { text })
    }

    /// The blocks of `language` in the section with this heading, without those of its subsections.
    pub(super) fn blocks(&self, heading: &str, language: &str) -> Result<Vec<String>> {
        let fence = format!("```{language}");
        let mut blocks = Vec::new();
        let (mut here, mut fenced, mut block) = (false, false, None::<String>);
        for line in self.text.lines() {
            if line.starts_with("```") && fenced {
                fenced = false;
                blocks.extend(block.take());
            } else if line.starts_with("```") {
                fenced = true;
                block = (here && line == fence).then(String::new);
            } else if fenced {
                if let Some(block) = &mut block {
                    block.push_str(line);
                    block.push('\n');
                }
            } else if line.starts_with('#') {
                here = line.trim_start_matches('#').trim() == heading;
            }
        }
        (!blocks.is_empty()).then_some(blocks).with_context(|| format!("the page has no {language} in {heading:?}"))
    }

    /// The commands of a section, as one script.
    pub(super) fn commands(&self, heading: &str) -> Result<String> {
        Ok(self.blocks(heading, "sh")?.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_its_own_commands_and_a_comment_in_them_is_no_heading() {
        let text =
            "## A\n```sh\n# not a heading\none\n```\n```text\nno\n```\n```sh\ntwo\n```\n### B\n```sh\nthree\n```\n";
        let page = Page { text: text.to_owned() };
        assert_eq!(page.blocks("A", "sh").unwrap(), ["# not a heading\none\n", "two\n"]);
        assert_eq!(page.commands("B").unwrap(), "three\n");
        assert!(page.commands("C").is_err());
    }

    #[test]
    fn every_block_of_commands_on_the_page_is_one_that_the_test_runs() {
        let page = Page::read().unwrap();
        let run = ["First start", "Sealing the PIN", "Rotation", "Intranet certificates", "Backup"];
        let known: usize = run.iter().map(|heading| page.blocks(heading, "sh").unwrap().len()).sum();
        assert_eq!(page.text.matches("\n```sh\n").count(), known);
    }
}
