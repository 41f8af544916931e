//! What the dashboard needs of the machine beside its window: the person's files and the system's language.

use std::{path::PathBuf, sync::Arc};

use gridkey_desk::office::Language;
use gridkey_host::{Files, Folders, SavedFiles};

/// What this machine can do. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Files of the person.
    pub files: Arc<dyn Files>,
    /// The language of the system, spoken until the person chooses one.
    pub language: Language,
}

impl Platform {
    /// A computer: files go to the person's downloads.
    pub fn computer(folders: &Folders) -> Self {
        Self::saving_to(folders.downloads())
    }

    /// Files go to `folder`.
    pub fn saving_to(folder: PathBuf) -> Self {
        Self { files: Arc::new(SavedFiles::in_folder(folder)), language: Language::default() }
    }

    /// The same machine, with its system speaking `language`.
    #[must_use]
    pub const fn speaking(mut self, language: Language) -> Self {
        self.language = language;
        self
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("language", &self.language).finish_non_exhaustive()
    }
}
