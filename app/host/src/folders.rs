//! The folders of the person, by the customs of the system.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// The folder that this program makes below each of them.
const NAME: &str = "gridkey";

/// Where things of the person lie.
#[derive(Debug, Clone)]
pub struct Folders {
    home: PathBuf,
    config: PathBuf,
    data: PathBuf,
    runtime: Option<PathBuf>,
    downloads: PathBuf,
}

impl Folders {
    /// Of the person who runs this program.
    pub fn of_person() -> Self {
        Self::from_env(|name| env::var_os(name))
    }

    fn from_env(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        // Relative paths in these variables are to be passed over (XDG Base Directory Specification).
        let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").or_else(|| absolute("USERPROFILE")).unwrap_or_else(env::temp_dir);
        let (config, data) = if cfg!(windows) {
            let local = absolute("LOCALAPPDATA").unwrap_or_else(|| home.join("AppData/Local"));
            (absolute("APPDATA").unwrap_or_else(|| home.join("AppData/Roaming")), local)
        } else if cfg!(any(target_os = "macos", target_os = "ios")) {
            (home.join("Library/Application Support"), home.join("Library/Application Support"))
        } else {
            let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
            (config, absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")))
        };
        let named = absolute("XDG_DOWNLOAD_DIR").or_else(|| {
            let file = fs::read_to_string(config.join("user-dirs.dirs")).ok()?;
            user_dir(&file, "XDG_DOWNLOAD_DIR", &home)
        });
        let downloads = named.unwrap_or_else(|| home.join("Downloads"));
        Self { runtime: absolute("XDG_RUNTIME_DIR").filter(|path| path.is_dir()), home, config, data, downloads }
    }

    /// The person's home.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Where configurations of all programs lie.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Where this program keeps its data.
    pub fn data(&self) -> PathBuf {
        self.data.join(NAME)
    }

    /// Where this program keeps what lasts until the person logs out; the data's folder where the system has none.
    pub fn runtime(&self) -> PathBuf {
        self.runtime.as_ref().map_or_else(|| self.data(), |folder| folder.join(NAME))
    }

    /// Where the person looks for files that came.
    pub fn downloads(&self) -> PathBuf {
        self.downloads.clone()
    }

    /// The configuration `file` to use when none is named: the person's own, else the one of the installation. `None` if there
    /// is neither.
    pub fn default_config(&self, file: &str) -> Option<PathBuf> {
        let own = self.config.join(NAME).join(file);
        [own, Path::new("/etc/gridkey").join(file)].into_iter().find(|path| path.is_file())
    }
}

/// A line such as `XDG_DOWNLOAD_DIR="$HOME/Downloads"` of `user-dirs.dirs`.
fn user_dir(file: &str, name: &str, home: &Path) -> Option<PathBuf> {
    let mut lines = file.lines().filter_map(|line| line.trim().split_once('='));
    let value = lines.rfind(|(key, _)| *key == name)?.1;
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    let path = match value.strip_prefix("$HOME") {
        Some(rest) => home.join(rest.trim_start_matches('/')),
        None => PathBuf::from(value),
    };
    // The folder is the home itself where a person wants no such folder; then the usual name is kinder than a full home.
    (path.is_absolute() && path != home).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_s_own_name_for_downloads_is_used() {
        let home = Path::new("/home/li");
        let file = "# comment\nXDG_DESKTOP_DIR=\"$HOME/桌面\"\nXDG_DOWNLOAD_DIR=\"$HOME/下载\"\n";
        assert_eq!(user_dir(file, "XDG_DOWNLOAD_DIR", home), Some("/home/li/下载".into()));
        assert_eq!(user_dir("XDG_DOWNLOAD_DIR=\"/data/in\"", "XDG_DOWNLOAD_DIR", home), Some("/data/in".into()));
        for bad in ["XDG_DOWNLOAD_DIR=\"$HOME/\"", "XDG_DOWNLOAD_DIR=\"in\"", "XDG_DOWNLOAD_DIR=/x", ""] {
            assert_eq!(user_dir(bad, "XDG_DOWNLOAD_DIR", home), None, "{bad}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn relative_folders_of_the_environment_are_passed_over() {
        let folders = Folders::from_env(|name| match name {
            "HOME" => Some("/home/li".into()),
            "XDG_DATA_HOME" => Some("data".into()),
            _ => None,
        });
        assert_eq!(folders.data(), Path::new("/home/li/.local/share/gridkey"));
        assert_eq!(folders.runtime(), folders.data());
    }
}
