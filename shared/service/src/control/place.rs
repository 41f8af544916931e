//! The address of a socket whose path may be longer than a socket address can hold.

use std::{
    fs::File,
    io,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

/// `sun_path` has 108 bytes with its closing zero (unix(7)).
const LONGEST: usize = 107;

/// A path to bind or connect to. A long one goes through the open folder's entry in `/proc`.
pub(super) struct Place {
    path: PathBuf,
    /// Keeps that entry alive.
    _folder: Option<File>,
}

impl Place {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        if path.as_os_str().len() <= LONGEST {
            return Ok(Self { path: path.to_owned(), _folder: None });
        }
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "the control socket's path names no file");
        let name = path.file_name().ok_or_else(invalid)?;
        let folder = File::open(path.parent().ok_or_else(invalid)?)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
