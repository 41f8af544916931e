//! Starting the program.

use std::path::{Path, PathBuf};

use gridkey_client::clock::Clock;

use super::{Company, Installation, OfficeConfig, OfficeHandle, Preferences, Problem, Snapshot, actor::Actor};

/// What the program is made of.
#[derive(Debug)]
pub struct OfficeParts {
    /// The installation, or what it lacks: the program starts all the same and tells.
    pub installation: Result<Installation, Problem>,
    /// The time of day.
    pub clock: Clock,
    /// Where the preferences of this machine are kept; `None` keeps none.
    pub preferences: Option<PathBuf>,
}

/// The program without a face.
#[derive(Debug)]
pub struct Office;

impl Office {
    /// Starts the program on the current tokio runtime. It ends with [`super::Command::Quit`], or when every handle is gone.
    pub fn start(parts: OfficeParts) -> OfficeHandle {
        let OfficeParts { installation, clock, preferences } = parts;
        let company = installation.as_ref().map_or_else(|_| Company::default(), |known| known.company.clone());
        let shown = Snapshot {
            company,
            preferences: preferences.as_deref().map(Preferences::load).unwrap_or_default(),
            ..Snapshot::default()
        };
        let (handle, ends) = OfficeHandle::pair(shown.clone());
        tokio::spawn(Actor::new(installation, clock, preferences, shown, ends).run());
        handle
    }

    /// Starts the program of an installed computer: the configuration from `file`, or from the usual place, this machine's
    /// clock, and the preferences in the usual place. `agent` is the program's name and version.
    pub fn from_config(file: Option<&Path>, agent: &str) -> OfficeHandle {
        let path = file.map(Path::to_owned).or_else(OfficeConfig::default_file);
        let config = match path {
            Some(path) => OfficeConfig::from_file(&path),
            None => Ok(OfficeConfig::default()),
        };
        Self::start(OfficeParts {
            installation: Installation::from_config(config, agent),
            clock: Clock::system(),
            preferences: OfficeConfig::default_preferences(),
        })
    }
}
