//! Saving a file where the person finds it again.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The longest name, bytes; file systems take 255, and a number may be added.
const LONGEST: usize = 200;
/// The name of a file whose own name has nothing usable.
const NAMELESS: &str = "gridkey";
/// How often a taken name is numbered.
const TRIES: u32 = 10_000;

/// Why a file was not saved or not shown.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Only files that this program saved are opened.
    #[error("not a file that was saved here")]
    Foreign,
}

/// Files of the person.
pub trait Files: Send + Sync {
    /// Saves `content` under `name`, cleaned, or under the next free name; never over another file. Gives where it is.
    fn save(&self, name: &str, content: &[u8]) -> Result<PathBuf, FilesError>;

    /// Opens a saved file with the program that the person has for it; of a kind that this program does not know, which might
    /// be a program itself, only the folder.
    fn open(&self, file: &Path) -> Result<(), FilesError>;

    /// Shows a saved file's folder.
    fn show(&self, file: &Path) -> Result<(), FilesError>;
}

/// Files in one folder, usually the person's downloads.
#[derive(Debug, Clone)]
pub struct SavedFiles {
    folder: PathBuf,
}

impl SavedFiles {
    /// Files in `folder`, which is made when the first is saved.
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn own(&self, file: &Path) -> Result<(), FilesError> {
        if file.parent() == Some(&self.folder) && file.is_file() { Ok(()) } else { Err(FilesError::Foreign) }
    }
}

impl Files for SavedFiles {
    fn save(&self, name: &str, content: &[u8]) -> Result<PathBuf, FilesError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FilesError::Io { path, source }
        };
        fs::create_dir_all(&self.folder).map_err(failed(&self.folder))?;
        let name = safe_name(name);
        let (stem, extension) = split(&name);
        for number in 1..=TRIES {
            let name = if number == 1 { name.clone() } else { format!("{stem} ({number}){extension}") };
            let path = self.folder.join(name);
            let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(failed(&path)(error)),
            };
            if let Err(error) = file.write_all(content).and_then(|()| file.sync_all()) {
                // Half a file would pass for a whole one.
                let _ = fs::remove_file(&path);
                return Err(failed(&path)(error));
            }
            return Ok(path);
        }
        Err(failed(&self.folder)(ErrorKind::AlreadyExists.into()))
    }

    fn open(&self, file: &Path) -> Result<(), FilesError> {
        self.own(file)?;
        if is_document(file) { start(opener(file), file) } else { self.show(file) }
    }

    fn show(&self, file: &Path) -> Result<(), FilesError> {
        self.own(file)?;
        start(opener(&self.folder), &self.folder)
    }
}

/// Whether a file is of a kind that is read and not run. Its name came from outside.
fn is_document(file: &Path) -> bool {
    let known = ["csv", "json", "pdf", "png", "txt", "xml"];
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The system's command that opens `path`.
fn opener(path: &Path) -> Command {
    let mut command = if cfg!(windows) {
        Command::new("explorer")
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else {
        Command::new("xdg-open")
    };
    command.arg(path);
    command
}

fn start(mut command: Command, path: &Path) -> Result<(), FilesError> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|source| FilesError::Io { path: path.to_owned(), source })?;
    // It may run as long as what it opens does; somebody has to take its end.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// A name that is only a name, on any system: no folder, no hidden file, no control or direction characters, no device.
pub fn safe_name(name: &str) -> String {
    let allowed = |character: &char| {
        !character.is_control()
            // Marks of direction can make `exe.csv` out of `vsc.exe`.
            && !matches!(*character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut clean: String = name
        .chars()
        .filter(allowed)
        .map(|character| if r#"/\:*?"<>|"#.contains(character) { '-' } else { character })
        .collect();
    clean = clean.trim_start_matches(['.', ' ', '-', '~']).trim_end_matches(['.', ' ']).to_owned();
    let (stem, extension) = split(&clean);
    let device = |stem: &str| {
        let stem = stem.to_ascii_uppercase();
        matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")))
    };
    if stem.is_empty() || device(stem) {
        return format!("{NAMELESS}{extension}");
    }
    if clean.len() <= LONGEST {
        return clean;
    }
    let mut end = LONGEST.saturating_sub(extension.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// The name before its extension, and the extension with its dot. What is long or holds blanks is no extension.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 9 && !name[dot..].contains(' ') => name.split_at(dot),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let files = SavedFiles::in_folder(folder.path().join("Downloads"));
        let first = files.save("B-2026-10-M1.csv", b"one").unwrap();
        let second = files.save("B-2026-10-M1.csv", b"two").unwrap();
        assert_eq!(first.file_name().unwrap(), "B-2026-10-M1.csv");
        assert_eq!(second.file_name().unwrap(), "B-2026-10-M1 (2).csv");
        assert_eq!((fs::read(first).unwrap(), fs::read(second).unwrap()), (b"one".to_vec(), b"two".to_vec()));
    }

    #[test]
    fn a_name_from_outside_stays_in_the_folder() {
        for (name, safe) in [
            ("bill.csv", "bill.csv"),
            ("../../.ssh/authorized_keys", "ssh-authorized_keys"),
            ("/etc/passwd", "etc-passwd"),
            (r"..\..\autorun.inf", "autorun.inf"),
            (".profile", "profile"),
            ("-rf", "rf"),
            ("电费账单 2026-10.csv", "电费账单 2026-10.csv"),
            ("bill\u{202e}fdp.exe", "billfdp.exe"),
            ("a\nb.csv", "ab.csv"),
            ("con.csv", "gridkey.csv"),
            ("", "gridkey"),
            ("...", "gridkey"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
        let long = safe_name(&format!("{}.csv", "电".repeat(300)));
        assert!(long.len() <= LONGEST && long.ends_with(".csv"));
    }

    #[test]
    fn what_might_be_a_program_is_not_opened() {
        for name in ["bill.csv", "bill.PDF", "账单.xml"] {
            assert!(is_document(Path::new(name)), "{name}");
        }
        for name in ["bill.desktop", "bill.exe", "bill.pdf.sh", "bill.html", "pdf", "receipt.cbor", ".csv"] {
            assert!(!is_document(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn only_files_saved_here_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let files = SavedFiles::in_folder(folder.path().join("in"));
        for file in [Path::new("/etc/passwd"), &folder.path().join("in"), &folder.path().join("in/none.csv")] {
            assert!(matches!(files.open(file), Err(FilesError::Foreign)), "{}", file.display());
            assert!(matches!(files.show(file), Err(FilesError::Foreign)), "{}", file.display());
        }
    }
}
