//! One program for one configuration: a second start hands over what it was asked to show, and ends.
//!
//! A locked file says who is first, for exactly as long as that program lives, however it ends. Beside it lies the Unix
//! socket through which the others speak.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::{
        fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{Call, Calls};

/// How long a second start waits for the first, which may be just starting.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
/// The longest message, bytes.
const LONGEST: u64 = 4096;
/// The answer to a message that was understood.
const TAKEN: &[u8] = b"ok\n";

/// What a second start asks of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Request {
    /// The screen to show, as a path.
    path: Option<String>,
}

/// Why it could not be told whether the program runs already.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The folder or a file in it cannot be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The folder is somebody else's, or others may write in it.
    #[error("{} is not this user's alone", .0.display())]
    Open(PathBuf),
    /// The program runs and does not answer.
    #[error("the program runs already and does not answer")]
    Silent,
}

/// What became of asking.
#[derive(Debug)]
pub enum Claim {
    /// This is the first; it is so until the value is dropped.
    First(Instance),
    /// Another runs; it was told what to show.
    Second,
}

/// The right to be the one program, and the ear for others.
#[derive(Debug)]
pub struct Instance {
    // Unlocked by the system when it is closed.
    _lock: File,
    listener: std::os::unix::net::UnixListener,
}

/// Finds out whether `program` runs already for `key` (its configuration), with files in `folder`. If it does, it is asked to
/// come to the front and to show `path`.
pub fn claim(folder: &Path, program: &str, key: &str, path: Option<&str>) -> Result<Claim, InstanceError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| InstanceError::Io { path, source }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
    if !is_of(nix::unistd::geteuid().as_raw(), &fs::metadata(folder).map_err(at(folder))?) {
        return Err(InstanceError::Open(folder.to_owned()));
    }
    let name = format!("{program}-{:016x}", fnv1a(key.as_bytes()));
    let (lock_path, socket) = (folder.join(format!("{name}.lock")), folder.join(format!("{name}.sock")));
    let mut options = OpenOptions::new();
    let lock = options.create(true).truncate(false).write(true).mode(0o600).open(&lock_path).map_err(at(&lock_path))?;
    let until = Instant::now() + PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => {
                // Left by a program that was killed: nobody holds the lock, so nobody listens there.
                match fs::remove_file(&socket) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&socket)(error)),
                    _ => {}
                }
                let listener = std::os::unix::net::UnixListener::bind(&socket).map_err(at(&socket))?;
                fs::set_permissions(&socket, fs::Permissions::from_mode(0o600)).map_err(at(&socket))?;
                listener.set_nonblocking(true).map_err(at(&socket))?;
                return Ok(Claim::First(Instance { _lock: lock, listener }));
            }
            Err(TryLockError::WouldBlock) => match hand_over(&socket, path) {
                Ok(()) => return Ok(Claim::Second),
                Err(error) if Instant::now() > until => {
                    tracing::debug!(%error, "the first program does not answer");
                    return Err(InstanceError::Silent);
                }
                // It may be between its lock and its socket, or on its way out.
                Err(_) => thread::sleep(PAUSE),
            },
            Err(TryLockError::Error(error)) => return Err(at(&lock_path)(error)),
        }
    }
}

/// Whether only this user may put files there. A folder of somebody else's could be opened to others at any time.
fn is_of(user: u32, folder: &Metadata) -> bool {
    folder.uid() == user && folder.permissions().mode() & 0o022 == 0
}

fn hand_over(socket: &Path, path: Option<&str>) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&serde_json::to_vec(&Request { path: path.map(str::to_owned) })?)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    if answer == TAKEN { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

impl Instance {
    /// Listens for second starts and turns each into a call, as long as the program runs. A tokio runtime must be entered.
    pub async fn listen(self, calls: Calls) -> io::Result<()> {
        let listener = tokio::net::UnixListener::from_std(self.listener.try_clone()?)?;
        loop {
            let (stream, _) = listener.accept().await?;
            // One at a time, each bounded in time: a silent one holds up the next for a moment only.
            match tokio::time::timeout(PATIENCE / 5, answer(stream)).await {
                Ok(Ok(request)) => calls.call(Call::Show(request.path)),
                Ok(Err(error)) => tracing::warn!(%error, "a second start was not understood"),
                Err(_) => tracing::warn!("a second start said nothing"),
            }
        }
    }
}

async fn answer(mut stream: tokio::net::UnixStream) -> io::Result<Request> {
    let mut message = Vec::new();
    (&mut stream).take(LONGEST).read_to_end(&mut message).await?;
    let request: Request = serde_json::from_slice(&message)?;
    stream.write_all(TAKEN).await?;
    Ok(request)
}

/// FNV-1a, 64 bits: short names for long paths; nothing secret or hostile is hashed.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(claim: Claim) -> Instance {
        match claim {
            Claim::First(instance) => instance,
            Claim::Second => panic!("another runs"),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_start_hands_over_its_screen() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("run");
        let instance = first(claim(&folder, "app", "/etc/client.toml", None).unwrap());
        let calls = Calls::new();
        tokio::spawn(instance.listen(calls.clone()));
        let place = folder.clone();
        let second = tokio::task::spawn_blocking(move || claim(&place, "app", "/etc/client.toml", Some("/bills")));
        assert!(matches!(second.await.unwrap().unwrap(), Claim::Second));
        assert_eq!(calls.next().await, Some(Call::Show(Some("/bills".to_owned()))));
        // Another configuration is another program, and so is another program.
        first(claim(&folder, "app", "/home/li/client.toml", None).unwrap());
        first(claim(&folder, "other", "/etc/client.toml", None).unwrap());
    }

    #[test]
    fn a_socket_that_a_killed_program_left_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("run");
        drop(first(claim(&folder, "app", "a", None).unwrap()));
        assert!(fs::read_dir(&folder).unwrap().any(|file| file.unwrap().path().extension().unwrap() == "sock"));
        first(claim(&folder, "app", "a", None).unwrap());
    }

    #[test]
    fn a_folder_that_others_write_in_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(claim(folder.path(), "app", "a", None), Err(InstanceError::Open(_))));
    }

    #[test]
    fn a_folder_of_somebody_else_s_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let user = nix::unistd::geteuid().as_raw();
        let metadata = || fs::metadata(folder.path()).unwrap();
        assert!(is_of(user, &metadata()) && !is_of(user + 1, &metadata()));
        if user == 0 {
            std::os::unix::fs::chown(folder.path(), Some(65_534), None).unwrap();
            assert!(matches!(claim(folder.path(), "app", "a", None), Err(InstanceError::Open(_))));
        }
    }
}
