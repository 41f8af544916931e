//! `runtime.json` in a daemon's state folder: the addresses it really bound, written once it is ready.
//!
//! The configuration may ask for port 0. Whoever started the daemon waits for this file and learns the port from it; the
//! file is gone while the daemon is not ready, except after a crash, which its `pid` shows.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

/// The file's name inside the state folder.
pub const FILE: &str = "runtime.json";

/// The announcement that a daemon is ready; dropping it takes the file away.
#[derive(Debug)]
pub struct Announcement(PathBuf);

impl Drop for Announcement {
    fn drop(&mut self) {
        // Already gone is as good; anything else leaves a file whose pid is not alive.
        let _ = fs::remove_file(&self.0);
    }
}

/// Takes away what a crashed predecessor left, so that nobody takes it for the new daemon's.
///
/// # Errors
/// If the file exists and cannot be removed.
pub fn clear(state: &Path) -> io::Result<()> {
    match fs::remove_file(state.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes `addresses` (an object of names to addresses; `pid` is added) so that readers see all of it or nothing.
///
/// # Errors
/// If the folder cannot be written to.
pub fn announce(state: &Path, addresses: &impl Serialize) -> io::Result<Announcement> {
    let mut content = serde_json::to_value(addresses).map_err(io::Error::other)?;
    if let Some(content) = content.as_object_mut() {
        content.insert("pid".to_owned(), std::process::id().into());
    }
    let path = state.join(FILE);
    let fresh = state.join("runtime.json.new");
    fs::write(&fresh, format!("{content:#}\n"))?;
    fs::rename(&fresh, &path)?;
    Ok(Announcement(path))
}

/// Reads what a ready daemon announced; `None` if it is not ready.
///
/// # Errors
/// If the file cannot be read or is not a `T`.
pub fn read<T: DeserializeOwned>(state: &Path) -> io::Result<Option<T>> {
    match fs::read(state.join(FILE)) {
        Ok(content) => serde_json::from_slice(&content).map(Some).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_announcement_lasts_as_long_as_the_daemon() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(read::<Value>(state.path()).unwrap(), None);
        let ready = announce(state.path(), &json!({"session": "127.0.0.1:4433"})).unwrap();
        let seen: Value = read(state.path()).unwrap().unwrap();
        assert_eq!(seen, json!({"session": "127.0.0.1:4433", "pid": std::process::id()}));
        drop(ready);
        assert_eq!(read::<Value>(state.path()).unwrap(), None);
        clear(state.path()).unwrap();
    }
}
