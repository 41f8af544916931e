//! Starting at login: on Linux a file in the person's `autostart` folder (XDG Desktop Application Autostart), elsewhere what
//! the system has for it.

use std::{ffi::OsString, sync::Arc};

use crate::platform::{Autostart, Folders};

/// Starting `start` (program and arguments) at login.
#[cfg(all(unix, not(target_os = "macos")))]
pub(in crate::platform) fn at_login(folders: &Folders, start: Vec<OsString>) -> Arc<dyn Autostart> {
    Arc::new(xdg::AutostartFile::new(folders.config().join("autostart"), start))
}

/// Starting `start` (program and arguments) at login.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(in crate::platform) fn at_login(_folders: &Folders, start: Vec<OsString>) -> Arc<dyn Autostart> {
    match other::SystemAutostart::new(start) {
        Some(autostart) => Arc::new(autostart),
        None => Arc::new(crate::platform::NoAutostart),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod xdg {
    use std::{ffi::OsString, fs, io::ErrorKind, path::PathBuf};

    use crate::platform::{Autostart, AutostartError};

    /// The file's name; also the name of the installed menu entry.
    const FILE: &str = "gridkey.desktop";

    /// The file that the desktop reads at login.
    #[derive(Debug)]
    pub(super) struct AutostartFile {
        folder: PathBuf,
        start: Vec<OsString>,
    }

    impl AutostartFile {
        pub(super) const fn new(folder: PathBuf, start: Vec<OsString>) -> Self {
            Self { folder, start }
        }

        fn entry(&self) -> Result<String, AutostartError> {
            let words: Option<Vec<String>> = self.start.iter().map(|word| word.to_str().and_then(quoted)).collect();
            let words = words.ok_or_else(|| AutostartError::System("a path cannot be written down".to_owned()))?;
            Ok(format!(
                "[Desktop Entry]\nType=Application\nVersion=1.5\nName=Gridkey\nIcon=gridkey\nExec={}\n\
                 StartupNotify=false\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
                words.join(" ")
            ))
        }
    }

    impl Autostart for AutostartFile {
        fn is_possible(&self) -> bool {
            true
        }

        fn is_on(&self) -> bool {
            // A desktop's own settings turn it off inside the file.
            let off = |line: &str| matches!(line.trim(), "Hidden=true" | "X-GNOME-Autostart-enabled=false");
            fs::read_to_string(self.folder.join(FILE)).is_ok_and(|text| !text.lines().any(off))
        }

        fn set(&self, on: bool) -> Result<(), AutostartError> {
            let path = self.folder.join(FILE);
            let done = if on {
                let fresh = path.with_extension("desktop.new");
                let entry = self.entry()?;
                fs::create_dir_all(&self.folder)
                    .and_then(|()| fs::write(&fresh, entry))
                    .and_then(|()| fs::rename(&fresh, &path))
            } else {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                    other => other,
                }
            };
            done.map_err(|error| AutostartError::System(format!("{}: {error}", path.display())))
        }
    }

    /// A word of `Exec`: in double quotes, twice escaped, once as a quoted argument and once as a string of the file
    /// (Desktop Entry Specification, "The Exec key"). `None` if it cannot be said.
    fn quoted(word: &str) -> Option<String> {
        if word.chars().any(char::is_control) {
            return None;
        }
        let mut text = String::from("\"");
        for character in word.chars() {
            match character {
                '"' | '`' | '$' => text.extend(['\\', '\\', character]),
                '\\' => text.push_str(r"\\\\"),
                '%' => text.push_str("%%"),
                other => text.push(other),
            }
        }
        text.push('"');
        Some(text)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn it_is_on_once_turned_on_and_off_once_turned_off() {
            let folder = tempfile::tempdir().unwrap();
            let start = vec!["/usr/bin/gridkey-app".into(), "--hidden".into()];
            let file = AutostartFile::new(folder.path().join("autostart"), start);
            assert!(!file.is_on());
            file.set(false).unwrap();
            file.set(true).unwrap();
            assert!(file.is_on());
            let text = fs::read_to_string(folder.path().join("autostart/gridkey.desktop")).unwrap();
            assert!(text.contains("Exec=\"/usr/bin/gridkey-app\" \"--hidden\"\n"), "{text}");
            fs::write(folder.path().join("autostart/gridkey.desktop"), text + "Hidden=true\n").unwrap();
            assert!(!file.is_on());
            file.set(true).unwrap();
            assert!(file.is_on());
            file.set(false).unwrap();
            assert!(!file.is_on());
        }

        #[test]
        fn words_with_meaning_are_escaped() {
            assert_eq!(quoted("/a b/$x").unwrap(), r#""/a b/\\$x""#);
            assert_eq!(quoted(r"50%\").unwrap(), r#""50%%\\\\""#);
            assert_eq!(quoted("a\nExec=rm"), None);
        }
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod other {
    use std::ffi::OsString;

    use crate::platform::{Autostart, AutostartError};

    /// What Windows and macOS have for it.
    pub(super) struct SystemAutostart(auto_launch::AutoLaunch);

    impl SystemAutostart {
        pub(super) fn new(start: Vec<OsString>) -> Option<Self> {
            let words: Vec<String> = start.into_iter().map(|word| word.into_string().ok()).collect::<Option<_>>()?;
            let (program, arguments) = words.split_first()?;
            let mut builder = auto_launch::AutoLaunchBuilder::new();
            builder.set_app_name("Gridkey").set_app_path(program).set_args(arguments);
            builder.build().ok().map(Self)
        }
    }

    impl Autostart for SystemAutostart {
        fn is_possible(&self) -> bool {
            true
        }

        fn is_on(&self) -> bool {
            self.0.is_enabled().unwrap_or(false)
        }

        fn set(&self, on: bool) -> Result<(), AutostartError> {
            let done = if on { self.0.enable() } else { self.0.disable() };
            done.map_err(|error| AutostartError::System(error.to_string()))
        }
    }
}
