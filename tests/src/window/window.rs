//! A program's window, and what a person does with it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use atspi::{Role, State, StateSet};
use futures_util::future::join_all;

use super::{
    Desktop, Dump, Image, Node, PATIENCE, Start, Tree,
    accessible::Accessible,
    process::Process,
    start::{launch, log_of},
    wait_for,
};

/// Longest wait for the screen to stand still before a picture.
const STILL: Duration = Duration::from_secs(2);
/// How long it must stand still.
const REST: Duration = Duration::from_millis(100);
/// How many pixels of a thousand another language or theme changes at least.
const CHANGE: usize = 2;
/// How often it is looked at meanwhile.
const BLINK: Duration = Duration::from_millis(25);

/// A running program with its window. It ends with the value.
#[derive(Debug)]
pub struct Window<'desktop> {
    desktop: &'desktop Desktop,
    process: Process,
    log: PathBuf,
    root: Accessible,
    page: Accessible,
}

impl<'desktop> Window<'desktop> {
    /// Starts the program and waits for its page.
    ///
    /// # Errors
    /// If it does not start or shows nothing.
    pub fn open(desktop: &'desktop Desktop, start: &Start) -> Result<Self> {
        let mut process = launch(desktop, start)?;
        let log = log_of(desktop, start.program);
        let (id, program) = (process.id(), process.program().to_owned());
        let root = wait_for("the program in the accessibility tree", PATIENCE, || {
            if let Some(status) = process.ended()? {
                bail!("{program} ended while it started ({status})");
            }
            desktop.wait(find_program(desktop, id))
        });
        let root = root.with_context(|| last_words(&log))?;
        let mut window = Self { desktop, process, log, page: root.clone(), root };
        window.page = window.wait_until("a page", |tree| {
            tree.all().find(|node| node.role == Role::DocumentWeb).map(|page| page.object.clone())
        })?;
        // A search may meet a window that is just going: then it is made again.
        wait_for("a window to be seen", PATIENCE, || Ok(window.window_id().ok()))?;
        window.take_keyboard()?;
        Ok(window)
    }

    /// Starts the program a second time beside this one and gives how that ended.
    ///
    /// # Errors
    /// If it goes on running.
    pub fn start_again(&self, start: &Start) -> Result<ExitStatus> {
        let mut second = launch(self.desktop, start)?;
        wait_for("the second start to end", PATIENCE, || second.ended())
    }

    /// What is on the screen now.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn tree(&self) -> Result<Tree> {
        let tree = self.desktop.wait(Tree::read(&self.root));
        tree.with_context(|| format!("the window is gone. {}", last_words(&self.log)))
    }

    /// The node that has the keyboard, without what is in it; quick on any page.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn focused(&self) -> Result<Option<Node>> {
        let found = self.nodes(&[], State::Focused.into())?;
        Ok(found.into_iter().filter(|node| node.role != Role::DocumentWeb).last())
    }

    /// The buttons on the screen, without what is in them; quick on any page.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn buttons(&self) -> Result<Vec<Node>> {
        self.nodes(&[Role::Button], StateSet::empty())
    }

    /// A node as it is now, without what is in it; `None` if it is gone.
    pub fn again(&self, node: &Node) -> Option<Node> {
        self.desktop.wait(Node::alone(node.object.clone())).ok()
    }

    fn nodes(&self, roles: &[Role], states: StateSet) -> Result<Vec<Node>> {
        self.desktop.wait(async {
            let found = self.page.matches(roles, states).await?;
            let nodes = join_all(found.into_iter().map(Node::alone)).await;
            // What went away meanwhile is left out.
            Ok(nodes.into_iter().filter_map(Result::ok).collect())
        })
    }

    /// Waits until `look` finds something on the screen.
    ///
    /// # Errors
    /// If it does not; the error holds the screen as it was then.
    pub fn wait_until<T>(&self, what: &str, look: impl Fn(&Tree) -> Option<T>) -> Result<T> {
        self.wait_until_within(what, PATIENCE, look)
    }

    /// As [`Self::wait_until`], with a limit of its own.
    ///
    /// # Errors
    /// As [`Self::wait_until`].
    pub fn wait_until_within<T>(&self, what: &str, patience: Duration, look: impl Fn(&Tree) -> Option<T>) -> Result<T> {
        let found = wait_for(what, patience, || Ok(look(&self.tree()?)));
        found.with_context(|| self.told())
    }

    /// Waits for something of this role and name.
    ///
    /// # Errors
    /// If it does not come; the error holds the screen.
    pub fn find(&self, role: Role, name: &str) -> Result<Node> {
        self.wait_until(&format!("{role:?} {name:?}"), |tree| tree.find(role, name).cloned())
    }

    /// Waits for words anywhere on the screen.
    ///
    /// # Errors
    /// If they do not come; the error holds the screen.
    pub fn says(&self, words: &str) -> Result<()> {
        self.wait_until(&format!("the words {words:?}"), |tree| tree.says(words).then_some(()))
    }

    /// Waits until words are nowhere on the screen any more.
    ///
    /// # Errors
    /// If they stay; the error holds the screen.
    pub fn says_no_more(&self, words: &str) -> Result<()> {
        self.wait_until(&format!("the words {words:?} to go"), |tree| (!tree.says(words)).then_some(()))
    }

    /// Presses a button, link or choice of this name once it is there and enabled.
    ///
    /// # Errors
    /// If there is none.
    pub fn press(&self, name: &str) -> Result<()> {
        let node = self.wait_until(&format!("{name:?} to press"), |tree| {
            tree.all().find(|node| can_be_pressed(node) && node.says() == name).cloned()
        })?;
        self.press_node(&node)
    }

    /// Presses what has a name that begins so, once it is there and enabled: a name may end with a count or an amount.
    ///
    /// # Errors
    /// If there is none.
    pub fn press_beginning(&self, name: &str) -> Result<()> {
        self.press_what(&format!("{name:?}… to press"), |tree| {
            tree.all().find(|node| can_be_pressed(node) && node.says().starts_with(name)).cloned()
        })
    }

    /// Presses what `look` finds, once it is there.
    ///
    /// # Errors
    /// If it does not come or can't be pressed.
    pub fn press_what(&self, what: &str, look: impl Fn(&Tree) -> Option<Node>) -> Result<()> {
        let node = self.wait_until(what, look)?;
        self.press_node(&node)
    }

    /// Presses this node.
    ///
    /// # Errors
    /// If it is gone or can't be pressed.
    pub fn press_node(&self, node: &Node) -> Result<()> {
        self.desktop.wait(node.object.press()).with_context(|| format!("pressing {:?}", node.says()))
    }

    /// Presses something of this name with the pointer.
    ///
    /// # Errors
    /// If there is none.
    pub fn click(&self, name: &str) -> Result<()> {
        let node = self.wait_until(&format!("{name:?} to click"), |tree| {
            tree.all().find(|node| can_be_pressed(node) && node.says() == name).cloned()
        })?;
        let (x, y, width, height) = self.desktop.wait(async {
            node.object.reveal().await?;
            node.object.extents().await
        })?;
        let (x, y) = ((x + width / 2).to_string(), (y + height / 2).to_string());
        self.desktop.display().xdotool(&["mousemove", &x, &y, "click", "1"])?;
        Ok(())
    }

    /// Puts the keyboard into the field of this name, empties it and types, key by key.
    ///
    /// # Errors
    /// If there is none or it does not take the keyboard.
    pub fn type_into(&self, name: &str, text: &str) -> Result<()> {
        let field = self.wait_until(&format!("the field {name:?}"), |tree| {
            tree.control(name).filter(|node| node.is(State::Editable)).cloned()
        })?;
        self.desktop.wait(field.object.focus())?;
        self.wait_until(&format!("the keyboard in {name:?}"), |tree| {
            tree.focused().filter(|node| node.says() == name || node.name == name).map(|_| ())
        })?;
        self.keys(&["ctrl+a", "BackSpace"])?;
        self.desktop.display().xdotool(&["type", "--delay", "2", "--", text])?;
        // Keys and presses come by different ways: a press could overtake the last key.
        let length = text.chars().count();
        self.wait_until(&format!("{length} characters in {name:?}"), |tree| {
            tree.focused().filter(|node| node.text.chars().count() == length).map(|_| ())
        })
    }

    /// Gives the keyboard to the first thing with a name that begins so.
    ///
    /// # Errors
    /// If there is none or it does not take the keyboard.
    pub fn focus_beginning(&self, name: &str) -> Result<()> {
        let node = self.wait_until(&format!("{name:?}… for the keyboard"), |tree| {
            tree.all().find(|node| node.is(State::Focusable) && node.says().starts_with(name)).cloned()
        })?;
        self.desktop.wait(node.object.focus())?;
        self.wait_until(&format!("the keyboard at {name:?}…"), |tree| {
            tree.focused().filter(|node| node.says().starts_with(name)).map(|_| ())
        })
    }

    /// Presses keys, by their X names: `Tab`, `Return`, `Escape`, `ctrl+a`.
    ///
    /// # Errors
    /// If there is no such key.
    pub fn keys(&self, keys: &[&str]) -> Result<()> {
        let arguments: Vec<&str> = ["key", "--delay", "2", "--"].into_iter().chain(keys.iter().copied()).collect();
        self.desktop.display().xdotool(&arguments)?;
        Ok(())
    }

    /// Waits until the screen stands still, and photographs the window.
    ///
    /// # Errors
    /// If the screen can't be read.
    pub fn picture(&self) -> Result<Image> {
        self.still(None, |_| true)?.image()
    }

    /// What the window shows once it stands still and `fits`; `before` is what it showed before a change that must be seen.
    ///
    /// # Errors
    /// If the screen can't be read.
    pub fn still(&self, before: Option<&Dump>, fits: impl Fn(&Dump) -> bool) -> Result<Dump> {
        let (_, height) = self.desktop.size();
        self.still_dump(height, before, fits)
    }

    /// The page as if the window were `height` high; the window is as before afterwards.
    ///
    /// # Errors
    /// If the window does not let itself be sized.
    pub fn tall(&self, height: u32) -> Result<Dump> {
        let (width, usual) = self.desktop.size();
        self.resize(width, height)?;
        wait_for("the longer window to be painted", PATIENCE, || {
            Ok((!self.desktop.display().dump(height)?.ends_black()?).then_some(()))
        })?;
        let whole = self.still_dump(height, None, |_| true)?;
        self.resize(width, usual)?;
        Ok(whole)
    }

    fn still_dump(&self, height: u32, before: Option<&Dump>, fits: impl Fn(&Dump) -> bool) -> Result<Dump> {
        let display = self.desktop.display();
        let begun = Instant::now();
        let (mut last, mut since) = (display.dump(height)?, begun);
        // A clock that goes on is no change: the one that is waited for goes over much of the window.
        let is_changed = |now: &Dump| fits(now) && before.is_none_or(|before| now.differs_from(before) >= CHANGE);
        let mut changed = is_changed(&last).then_some(begun);
        while changed.map_or(begun.elapsed() < PATIENCE, |at| at.elapsed() < STILL && since.elapsed() < REST) {
            std::thread::sleep(BLINK);
            let next = display.dump(height)?;
            if !next.looks_like(&last) {
                (last, since) = (next, Instant::now());
                changed = changed.or_else(|| is_changed(&last).then_some(since));
            }
        }
        Ok(last)
    }

    fn resize(&self, width: u32, height: u32) -> Result<()> {
        let (width, height) = (width.to_string(), height.to_string());
        let id = self.window_id()?;
        self.desktop.display().xdotool(&["windowsize", "--sync", &id, &width, &height])?;
        Ok(())
    }

    /// Gives the window the keyboard; without a window manager nobody else does.
    ///
    /// # Errors
    /// If there is no window to be seen.
    pub fn take_keyboard(&self) -> Result<()> {
        let id = self.window_id()?;
        self.desktop.display().xdotool(&[
            "windowmove",
            &id,
            "0",
            "0",
            "windowraise",
            &id,
            "windowfocus",
            "--sync",
            &id,
        ])?;
        Ok(())
    }

    /// Whether a window can be seen.
    pub fn is_shown(&self) -> bool {
        self.window_id().is_ok()
    }

    fn window_id(&self) -> Result<String> {
        let pid = self.process.id().to_string();
        let found = self.desktop.display().xdotool(&["search", "--onlyvisible", "--pid", &pid])?;
        // The largest counts: menus and tips are windows too.
        found.lines().next_back().map(str::to_owned).context("no window to be seen")
    }

    /// Asks the program to end, as a logout does, and gives how it ended.
    ///
    /// # Errors
    /// If it goes on running.
    pub fn end(mut self) -> Result<ExitStatus> {
        self.process.ask_to_end()?;
        let ended = wait_for("the program to end", PATIENCE, || self.process.ended());
        ended.with_context(|| last_words(&self.log))
    }

    /// Whether the program still runs.
    ///
    /// # Errors
    /// If that can't be told.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self.process.ended()?.is_none())
    }

    /// What the program logged so far.
    ///
    /// # Errors
    /// If its log can't be read.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }

    /// For errors: the screen and the log's end. A picture goes to the folder that `GRIDKEY_WINDOW_FAILURES` names.
    pub fn told(&self) -> String {
        if let Some(folder) = std::env::var_os("GRIDKEY_WINDOW_FAILURES") {
            let path = Path::new(&folder).join(format!("failure-{}.png", self.process.id()));
            if let Err(error) = self.picture().and_then(|picture| picture.write(&path)) {
                eprintln!("no picture of the failure: {error:#}");
            }
        }
        let tree = self.tree().map_or_else(|error| format!("{error:#}"), |tree| tree.to_string());
        format!("on the screen:\n{tree}\n{}", last_words(&self.log))
    }
}

fn can_be_pressed(node: &Node) -> bool {
    node.pressable && node.is(State::Enabled) && node.is(State::Focusable)
}

fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    format!("its log ends:\n{}", lines[lines.len().saturating_sub(25)..].join("\n"))
}

/// The program of a process in the accessibility tree, once it is there.
async fn find_program(desktop: &Desktop, id: u32) -> Result<Option<Accessible>> {
    for program in Accessible::programs(desktop.bus().connection()).await? {
        if program.process().await.is_ok_and(|process| process == id) {
            return Ok(Some(program));
        }
    }
    Ok(None)
}

/// Fails if a picture shows nothing: too few colours, or next to only one.
///
/// # Errors
/// As said.
pub fn ensure_not_blank(picture: &Image) -> Result<()> {
    const COLOURS: usize = 24;
    let (colours, background) = (picture.colours(COLOURS), picture.percent_of_background());
    ensure!(colours >= COLOURS && background < 99, "a blank picture: {colours} colours, {background} % of one");
    Ok(())
}
