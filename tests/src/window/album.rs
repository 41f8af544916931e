//! Pictures of a screen in both languages, light and dark, and an audit of each, by the switches that the screen offers.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{Audit, Look, PATIENCE, Seat, Words, beginning, ensure_not_blank, wait_for};

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
}

impl Album {
    /// In this folder of `target/screens`.
    ///
    /// # Errors
    /// If the words are not there.
    pub fn of(folder: &str) -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens").join(folder);
        let (english, chinese) = (Words::of("en")?, Words::of("zh-CN")?);
        Ok(Self { folder, english, chinese, taken: 0, tall: None, wrong: Vec::new() })
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
        for look in LOOKS {
            self.switch_to(seat, look).with_context(|| format!("{name}: to {look:?}"))?;
            let words = if look.language == "en" { self.english.clone() } else { self.chinese.clone() };
            open(&words).with_context(|| format!("{name}: {look:?}"))?;
            let folder = self.folder.join(format!("{}-{}", look.language, look.theme));
            let picture = seat.window.picture()?;
            picture.write(&folder.join(format!("{number:02}-{name}.png")))?;
            if let Err(blank) = ensure_not_blank(&picture) {
                self.wrong.push(format!("{name} {look:?}: {blank:#}"));
            }
            if let Some(height) = self.tall.filter(|_| look == LOOKS[0]) {
                seat.window.tall_picture(height)?.write(&folder.join(format!("{number:02}-{name}-whole.png")))?;
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
    fn switch_to(&self, seat: &Seat<'_>, look: Look) -> Result<()> {
        let offered = if look.language == "en" { "English" } else { "简体中文" };
        let words = if look.language == "en" { &self.english } else { &self.chinese };
        let title = format!("{}: ", words.get("shell-theme")?);
        let wanted = words.get(&format!("shell-theme-{}", look.theme))?;
        // From light to the system's, to dark, and back to light: two presses at most.
        let mut last: Option<(String, Instant)> = None;
        wait_for(&format!("the look {look:?}"), PATIENCE, || {
            let buttons = seat.window.buttons()?;
            let language = buttons.iter().find(|button| button.says() == offered);
            let theme = buttons.iter().find(|button| button.says().starts_with(&title));
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

    /// Fails with everything that was found wrong.
    ///
    /// # Errors
    /// As said.
    pub fn close(self) -> Result<()> {
        let Self { wrong, taken, folder, .. } = self;
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
