//! What the web view's library reads from the environment, which must be right before the program has threads.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
};

/// Set in the environment of a program that has been through here.
const DONE: &str = "GRIDKEY_ENVIRONMENT";
const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
const BACKEND: &str = "GDK_BACKEND";

/// What the machine is like, as far as it matters here.
#[derive(Debug, Clone, Copy, Default)]
struct Machine {
    /// A graphics card that programs may draw with.
    render_node: bool,
    /// The driver whose buffers WebKitGTK does not get on with.
    nvidia: bool,
    /// A Wayland session.
    wayland: bool,
    /// An X server, or the one inside a Wayland session.
    x11: bool,
}

impl Machine {
    fn this() -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
        Self {
            render_node: nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD")),
            nvidia: Path::new("/proc/driver/nvidia").exists(),
            wayland: set("WAYLAND_DISPLAY") || env::var_os("XDG_SESSION_TYPE").is_some_and(|kind| kind == "wayland"),
            x11: set("DISPLAY"),
        }
    }

    /// What is to be set, where the person has set nothing.
    fn wishes(self) -> Vec<(&'static str, &'static str)> {
        let mut wishes = Vec::new();
        // Without a render node, and with some drivers, the window would stay white.
        if !self.render_node || self.nvidia || self.wayland {
            wishes.push((DMABUF, "1"));
        }
        // Wayland's own window decorations do not answer in the window library of this version.
        if self.wayland && self.x11 {
            wishes.push((BACKEND, "x11"));
        }
        wishes
    }
}

/// Whether there is a display to open a window on.
pub(crate) fn has_display() -> bool {
    if !cfg!(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Sets the environment right, by starting this program anew in its own place if anything is missing. The other way, setting
/// it in the running program, is not safe where other threads may read it.
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
pub(crate) fn settle() {
    use std::os::unix::process::CommandExt as _;

    let missing = missing(&Machine::this().wishes(), |name| env::var_os(name));
    if missing.is_empty() || env::var_os(DONE).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut again = std::process::Command::new(program);
    let arguments: Vec<OsString> = env::args_os().collect();
    if let Some((name, rest)) = arguments.split_first() {
        again.arg0(name).args(rest);
    }
    // Comes back only if it did not work; then the window may still open.
    let error = again.envs(missing).env(DONE, "1").exec();
    eprintln!("gridkey: cannot start anew with another environment: {error}");
}

/// Nothing to set on other systems.
#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
pub(crate) fn settle() {
    let _ = (DONE, Machine::this().wishes(), missing(&[], |_| None));
}

fn missing(
    wishes: &[(&'static str, &'static str)],
    now: impl Fn(&OsStr) -> Option<OsString>,
) -> Vec<(&'static str, &'static str)> {
    wishes.iter().copied().filter(|(name, _)| now(OsStr::new(name)).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_graphics_card_draws_in_software() {
        let machine = Machine { x11: true, ..Machine::default() };
        assert_eq!(machine.wishes(), [(DMABUF, "1")]);
        assert!(Machine { render_node: true, ..machine }.wishes().is_empty());
        assert_eq!(Machine { render_node: true, nvidia: true, ..machine }.wishes(), [(DMABUF, "1")]);
        let wayland = Machine { render_node: true, wayland: true, ..machine };
        assert_eq!(wayland.wishes(), [(DMABUF, "1"), (BACKEND, "x11")]);
        assert_eq!(Machine { x11: false, ..wayland }.wishes(), [(DMABUF, "1")]);
    }

    #[test]
    fn what_the_person_set_stays() {
        let set = |name: &OsStr| (name == DMABUF).then(|| "0".into());
        assert_eq!(missing(&[(DMABUF, "1"), (BACKEND, "x11")], set), [(BACKEND, "x11")]);
    }
}
