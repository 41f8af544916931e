//! The line to the server, which a test can cut and mend.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use anyhow::Result;

/// Passes bytes on to one address while it is whole. Its thread ends with the test's process.
#[derive(Debug)]
pub struct Line {
    port: u16,
    whole: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    /// A whole line to `port` of this machine.
    ///
    /// # Errors
    /// If there is no free port.
    pub fn to(port: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let own = listener.local_addr()?.port();
        let (whole, open) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let line = Self { port: own, whole: Arc::clone(&whole), open: Arc::clone(&open) };
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                if whole.load(Ordering::SeqCst) {
                    // A far end that is gone closes the near one.
                    let _ = join(near, SocketAddr::from(([127, 0, 0, 1], port)), &open);
                }
            }
        });
        Ok(line)
    }

    /// The port at this end.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Cuts it: what is open breaks, what comes is closed at once.
    pub fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Makes it whole again for what comes.
    pub fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}

fn join(near: TcpStream, to: SocketAddr, open: &Mutex<Vec<TcpStream>>) -> Result<()> {
    let far = TcpStream::connect(to)?;
    open.lock().unwrap_or_else(PoisonError::into_inner).extend([near.try_clone()?, far.try_clone()?]);
    for (from, to) in [(near.try_clone()?, far.try_clone()?), (far, near)] {
        thread::spawn(move || pass_on(from, to));
    }
    Ok(())
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers each connection with what it says.
    fn echo() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let back = stream.try_clone().unwrap();
                thread::spawn(move || pass_on(stream, back));
            }
        });
        port
    }

    fn says(stream: &mut TcpStream) -> bool {
        let mut answer = [0; 2];
        stream.write_all(b"ok").is_ok() && stream.read_exact(&mut answer).is_ok() && &answer == b"ok"
    }

    #[test]
    fn a_cut_line_breaks_what_is_open_and_a_mended_one_carries_again() {
        let line = Line::to(echo()).unwrap();
        let connect = || TcpStream::connect(("127.0.0.1", line.port())).unwrap();
        let mut first = connect();
        assert!(says(&mut first));
        line.cut();
        assert!(!says(&mut first) && !says(&mut connect()));
        line.mend();
        assert!(says(&mut connect()));
    }
}
