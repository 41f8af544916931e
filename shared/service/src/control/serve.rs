//! The daemon's side of the control socket.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Answer, ControlError, ControlHandler, LONGEST_REQUEST, Request, call::connect, own_uid, place::Place, stranger,
};

/// Time for a request line to arrive.
const REQUEST: Duration = Duration::from_secs(10);

/// Time for commands under way once the daemon is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A control socket that is bound and takes calls once it is served.
#[derive(Debug)]
pub struct ControlListener {
    listener: UnixListener,
    path: PathBuf,
}

/// Binds the socket `path`; its folder is made with mode 0700 if it is missing. What a crashed daemon left is replaced.
///
/// # Errors
/// `AddrInUse` if a daemon answers there already, `PermissionDenied` if the folder belongs to somebody else or is open
/// to others; what the file system says otherwise.
pub fn bind(path: &Path) -> io::Result<ControlListener> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let about = fs::metadata(folder)?;
    if about.uid() != own_uid() || about.permissions().mode() & 0o077 != 0 {
        let text = format!("{} must belong to this user and have mode 0700", folder.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    let place = Place::of(path)?;
    if path.exists() {
        if std::os::unix::net::UnixStream::connect(place.path()).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "a daemon already runs on this control socket"));
        }
        fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(place.path())?;
    // Nobody could connect before this either: the folder is closed to others.
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(ControlListener { listener, path: path.to_owned() })
}

/// [`bind`], then [`ControlListener::serve`].
///
/// # Errors
/// As [`bind`].
pub async fn serve(path: &Path, handler: Arc<dyn ControlHandler>, shutdown: CancellationToken) -> io::Result<()> {
    bind(path)?.serve(handler, shutdown).await;
    Ok(())
}

impl ControlListener {
    /// Takes calls until `shutdown`, each in a task of its own; then waits for those under way and removes the socket.
    pub async fn serve(self, handler: Arc<dyn ControlHandler>, shutdown: CancellationToken) {
        let tasks = TaskTracker::new();
        let cut = CancellationToken::new();
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let (handler, cut) = (Arc::clone(&handler), cut.clone());
                    tasks.spawn(async move {
                        let answered = tokio::select! {
                            () = cut.cancelled() => return,
                            answered = answer(stream, handler) => answered,
                        };
                        if let Err(error) = answered {
                            tracing::debug!(%error, "control call ended early");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot take a control call");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        tasks.close();
        if timeout(GRACE, tasks.wait()).await.is_err() {
            cut.cancel();
            tasks.wait().await;
        }
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(%error, "the control socket was gone already");
        }
    }
}

async fn answer(stream: UnixStream, handler: Arc<dyn ControlHandler>) -> io::Result<()> {
    if stream.peer_cred()?.uid() != own_uid() {
        return Err(stranger());
    }
    let (reader, mut writer) = stream.into_split();
    let mut line = Vec::new();
    let mut reader = BufReader::new(reader).take(LONGEST_REQUEST);
    timeout(REQUEST, reader.read_until(b'\n', &mut line)).await??;
    if line.is_empty() {
        // Somebody only looked whether the daemon is there.
        return Ok(());
    }
    let answer = match serde_json::from_slice::<Request>(&line) {
        Ok(Request { command, args }) => match handler.handle(command, args).await {
            Ok(value) => Answer::Ok(value),
            Err(error) => Answer::Error(error),
        },
        Err(_) => Answer::Error(ControlError::new("bad-request", "not a request of one line of JSON")),
    };
    let mut line = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    line.push(b'\n');
    writer.write_all(&line).await
}

/// Whether a daemon answers on the socket `path`.
pub async fn is_running(path: &Path) -> bool {
    connect(path).await.is_ok()
}
