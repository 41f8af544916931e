//! Pictures of a screen in both languages, light and dark, and an audit of each, by the switches that the screen offers.

use std::{
    fs, io,
    path::{self, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::{Audit, Dump, Look, Node, PATIENCE, Seat, Words, beginning, ensure_not_blank, wait_for};
use anyhow::{Context as _, Result};

/// How long a switch may take before it is pressed again: what lies over it may have gone only then.
const SWITCH: Duration = Duration::from_secs(3);

/// How far the keyboard is followed to a screen's main action.
const MOST_TABS: usize = 80;

/// In which order a screen is looked at: each differs from the one before by one switch.
const LOOKS: [Look; 4] = [
    Look { language: "en", theme: "light" },
    Look { language: "en", theme: "dark" },
    Look { language: "zh-CN", theme: "dark" },
    Look { language: "zh-CN", theme: "light" },
];

/// The pictures of one kind of window, and what was found wrong while they were taken.
#[derive(Debug)]
pub struct Album {
    folder: PathBuf,
    english: Words,
    chinese: Words,
    taken: usize,
    tall: Option<u32>,
    wrong: Vec<String>,
    darkroom: Darkroom,
    switches: Vec<Node>,
}

/// Writes pictures while the next screens are looked at.
#[derive(Debug)]
struct Darkroom {
    films: mpsc::Sender<(PathBuf, Dump)>,
    work: JoinHandle<Vec<String>>,
}

impl Darkroom {
    fn open() -> Self {
        let (films, taken) = mpsc::channel();
        Self { films, work: std::thread::spawn(move || taken.into_iter().filter_map(develop).collect()) }
    }

    fn take(&self, path: PathBuf, film: Dump) -> Result<()> {
        self.films.send((path, film)).context("the pictures are not written any more")
    }

    /// Waits until all pictures are written; gives what was wrong with them.
    fn close(self) -> Result<Vec<String>> {
        drop(self.films);
        self.work.join().map_err(|_| anyhow::anyhow!("the pictures could not be written"))
    }
}

/// Writes one picture; gives what is wrong with it.
fn develop((path, film): (PathBuf, Dump)) -> Option<String> {
    let written = film.image().and_then(|picture| {
        picture.write(&path)?;
        ensure_not_blank(&picture)
    });
    written.err().map(|error| format!("{}: {error:#}", path.display()))
}

impl Album {
    /// In this folder of `target/screens`, which is emptied.
    ///
    /// # Errors
    /// If the words are not there.
    pub fn of(folder: &str) -> Result<Self> {
        let folder = path::absolute("../target/screens")?.join(folder);
        // Pictures of another run would stand between those of this one under other numbers.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let (english, chinese) = (Words::of("en")?, Words::of("zh-CN")?);
        Ok(Self {
            folder,
            english,
            chinese,
            taken: 0,
            tall: None,
            wrong: Vec::new(),
            darkroom: Darkroom::open(),
            switches: Vec::new(),
        })
    }

    /// The next screen is also taken as if the window were so high, pixels.
    pub fn tall(&mut self, height: u32) -> &mut Self {
        self.tall = Some(height);
        self
    }

    /// Takes the screen that is shown, in every look; `action` names what a keyboard must reach.
    ///
    /// # Errors
    /// If the screen can't be switched or photographed.
    pub fn take(&mut self, seat: &Seat<'_>, name: &str, action: Option<&str>) -> Result<()> {
        self.take_opened(seat, name, action, |_| Ok(()), |_| Ok(()))
    }

    /// Takes something that lies over a screen and hides the switches: `open` opens it in English, `close` closes it.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_opened(
        &mut self,
        seat: &Seat<'_>,
        name: &str,
        action: Option<&str>,
        open: impl Fn(&Words) -> Result<()>,
        close: impl Fn(&Words) -> Result<()>,
    ) -> Result<()> {
        self.taken += 1;
        let number = self.taken;
        self.switches.clear();
        let mut before = None;
        for look in LOOKS {
            self.switch_to(seat, look).with_context(|| format!("{name}: to {look:?}"))?;
            let words = if look.language == "en" { self.english.clone() } else { self.chinese.clone() };
            open(&words).with_context(|| format!("{name}: {look:?}"))?;
            let folder = self.folder.join(format!("{}-{}", look.language, look.theme));
            // On a busy machine the paint comes long after the words.
            let film = seat.window.still(before.as_ref(), |film| film.is_dark() == (look.theme == "dark"))?;
            before = Some(film.clone());
            self.darkroom.take(folder.join(format!("{number:02}-{name}.png")), film)?;
            if let Some(height) = self.tall.filter(|_| look == LOOKS[0]) {
                let film = seat.window.tall(height)?;
                self.darkroom.take(folder.join(format!("{number:02}-{name}-whole.png")), film)?;
            }
            if look == LOOKS[0] || look == LOOKS[2] {
                let found = settled_audit(seat)?.0.into_iter();
                self.wrong.extend(found.map(|wrong| format!("{name} ({}): {wrong}", look.language)));
                if let Some(action) = action.filter(|_| look == LOOKS[0]) {
                    self.reach(seat, name, action)?;
                }
            }
            close(&words).with_context(|| format!("{name}: {look:?}"))?;
        }
        self.tall = None;
        self.switch_to(seat, LOOKS[0])
    }

    /// Follows the keyboard until it is at what a message names.
    fn reach(&mut self, seat: &Seat<'_>, name: &str, action: &str) -> Result<()> {
        let beginning = beginning(self.english.get(action)?);
        for _ in 0..MOST_TABS {
            if seat.window.focused()?.is_some_and(|node| node.says().starts_with(&beginning)) {
                return Ok(());
            }
            seat.window.keys(&["Tab"])?;
        }
        self.wrong.push(format!("{name}: {MOST_TABS} tabs do not reach {beginning:?}"));
        Ok(())
    }

    /// Uses the switches of the screen until it looks so.
    fn switch_to(&mut self, seat: &Seat<'_>, look: Look) -> Result<()> {
        let offered = if look.language == "en" { "English" } else { "简体中文" };
        let words = if look.language == "en" { self.english.clone() } else { self.chinese.clone() };
        let title = format!("{}: ", words.get("shell-theme")?);
        let wanted = words.get(&format!("shell-theme-{}", look.theme))?;
        // From light to the system's, to dark, and back to light: two presses at most.
        let mut last: Option<(String, Instant)> = None;
        wait_for(&format!("the look {look:?}"), PATIENCE, || {
            let switches = self.switches(seat)?;
            let language = switches.iter().find(|button| button.says() == offered);
            let theme = switches.iter().find(|button| button.says().starts_with(&title));
            let Some(switch) = language.or(theme) else { return Ok(None) };
            let name = switch.says();
            if language.is_none() && name.ends_with(wanted) {
                return Ok(Some(()));
            }
            let answered = last.as_ref().is_none_or(|(pressed, at)| pressed != name || at.elapsed() > SWITCH);
            if answered {
                last = Some((name.to_owned(), Instant::now()));
                seat.window.press_node(switch)?;
            }
            Ok(None)
        })
        .with_context(|| seat.window.told())
    }

    /// The switches as they are now. Where they are is looked up once a screen, as long as they stay.
    fn switches(&mut self, seat: &Seat<'_>) -> Result<Vec<Node>> {
        let now: Option<Vec<Node>> = self.switches.iter().map(|switch| seat.window.again(switch)).collect();
        if let Some(now) = now.filter(|now| now.len() == 2) {
            return Ok(now);
        }
        let titles =
            [&self.english, &self.chinese].map(|words| words.get("shell-theme").map(|title| format!("{title}: ")));
        let titles = [titles[0].as_deref(), titles[1].as_deref()];
        let is_switch = |name: &str| {
            ["English", "简体中文"].contains(&name) || titles.iter().flatten().any(|title| name.starts_with(*title))
        };
        self.switches = seat.window.buttons()?;
        self.switches.retain(|button| is_switch(button.says()));
        Ok(self.switches.clone())
    }

    /// Fails with everything that was found wrong.
    ///
    /// # Errors
    /// As said.
    pub fn close(self) -> Result<()> {
        let Self { mut wrong, taken, folder, darkroom, .. } = self;
        wrong.extend(darkroom.close()?);
        anyhow::ensure!(wrong.is_empty(), "{taken} screens in {}:\n{}", folder.display(), wrong.join("\n"));
        println!("{taken} screens in {}", folder.display());
        Ok(())
    }
}

/// What is wrong with the screen once it has come to rest: what changes while it is read is missing from the tree.
fn settled_audit(seat: &Seat<'_>) -> Result<Audit> {
    let begun = Instant::now();
    loop {
        let audit = Audit::of(&seat.window.tree()?);
        if audit.0.is_empty() || begun.elapsed() > SWITCH {
            return Ok(audit);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
