//! Places at which a test can have the process killed, to show that a crash there neither loses nor doubles anything.
//!
//! `failpoint!("server.pay.insert.before")` compiles to nothing unless the cargo feature `failpoints` is on. With it, the
//! process kills itself with SIGKILL at the place that the environment variable `GRIDKEY_FAILPOINT` names; `name:3` means
//! the third time it is passed. Each daemon lists its names in a `pub const ALL: &[&str]`, so that a test can go through
//! them.

/// Kills the process here if `GRIDKEY_FAILPOINT` says so and the feature `failpoints` is on.
#[cfg(feature = "failpoints")]
#[macro_export]
macro_rules! failpoint {
    ($name:expr) => {
        $crate::failpoint::hit($name)
    };
}

/// Kills the process here if `GRIDKEY_FAILPOINT` says so and the feature `failpoints` is on.
#[cfg(not(feature = "failpoints"))]
#[macro_export]
macro_rules! failpoint {
    ($name:expr) => {{
        const _: &str = $name;
    }};
}

/// The environment variable that chooses a failpoint: `name` or `name:N`.
pub const VARIABLE: &str = "GRIDKEY_FAILPOINT";

/// Whether this build has failpoints.
pub const ENABLED: bool = cfg!(feature = "failpoints");

/// What [`failpoint!`](crate::failpoint!) calls.
#[cfg(feature = "failpoints")]
pub fn hit(name: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    };

    static CHOSEN: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);

    let chosen = CHOSEN.get_or_init(|| std::env::var(VARIABLE).ok().map(|text| parse(&text)));
    if let Some((chosen, times)) = chosen
        && chosen == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *times
    {
        eprintln!("failpoint {name}");
        // SIGKILL cannot be refused to a process's own id; the loop only covers the moment until it is delivered.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
        loop {
            std::thread::park();
        }
    }
}

#[cfg(any(feature = "failpoints", test))]
fn parse(text: &str) -> (String, u64) {
    match text.rsplit_once(':').map(|(name, times)| (name, times.parse())) {
        Some((name, Ok(times))) => (name.to_owned(), times),
        _ => (text.to_owned(), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_failpoint_is_chosen_by_name_and_turn() {
        assert_eq!(parse("server.pay.send"), ("server.pay.send".to_owned(), 1));
        assert_eq!(parse("server.pay.send:3"), ("server.pay.send".to_owned(), 3));
    }
}
