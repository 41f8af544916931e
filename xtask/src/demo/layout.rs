//! Where the demo keeps its files.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Letters and digits that are not taken for one another.
const PIN_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const PIN_LENGTH: usize = 12;

/// The folders below `target/demo`, one for each part of the stack.
#[derive(Debug, Clone)]
pub(crate) struct Layout(PathBuf);

impl Layout {
    pub(crate) fn under(root: &Path) -> Self {
        Self(root.to_owned())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// `stack.json`: how to reach what runs.
    pub(crate) fn stack(&self) -> PathBuf {
        self.0.join("stack.json")
    }

    /// The folder of one daemon.
    pub(crate) fn daemon(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What a daemon printed.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.0.join("logs").join(format!("{name}.log"))
    }

    /// Makes the folders that everything else stands in.
    pub(crate) fn make(&self) -> Result<()> {
        for folder in [self.0.clone(), self.0.join("logs")] {
            make_folder(&folder)?;
        }
        Ok(())
    }
}

/// A folder for its owner only, with what is above it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make {}", folder.display()))
}

/// Writes `text` to a new file that anyone may read.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a fresh PIN to a new file that only its owner may read.
pub(crate) fn write_pin(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let pin = fresh_pin()?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(&pin));
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn fresh_pin() -> Result<[u8; PIN_LENGTH]> {
    let mut bytes = [0; PIN_LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    // The alphabet's length divides 256, so that no letter is likelier than another.
    Ok(bytes.map(|byte| PIN_ALPHABET[usize::from(byte) % PIN_ALPHABET.len()]))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_pin_file_holds_twelve_characters_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("secrets/a"), folder.path().join("secrets/b"));
        write_pin(&first).unwrap();
        write_pin(&second).unwrap();
        let pin = fs::read_to_string(&first).unwrap();
        assert_eq!(pin.len(), 12);
        assert_ne!(pin, fs::read_to_string(&second).unwrap());
        assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_pin(&first).is_err());
    }
}
