//! What a screen shows: cards, figures, states, lists, dialogs and what stands where nothing is yet.

mod badge;
mod banner;
mod card;
mod dialog;
mod empty;
mod error_state;
mod figure;
mod pairs;
mod progress;
mod skeleton;
mod spinner;
mod table;
mod toasts;

pub use badge::{Badge, Status};
pub use banner::Banner;
pub use card::Card;
pub use dialog::Dialog;
pub use empty::Empty;
pub use error_state::ErrorState;
pub use figure::{Figure, MoneyFigure};
pub use pairs::{Pair, Pairs};
pub use progress::Progress;
pub use skeleton::{Shape, Skeleton};
pub use spinner::Spinner;
pub use table::{Cell, Column, Row, Table};
pub use toasts::{Toast, Toasts};

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// The product's own; in hand.
    Accent,
    /// All well.
    Good,
    /// Asks for attention.
    Warning,
    /// Harm.
    Danger,
}

impl Tone {
    /// The class that gives an element this tone.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Accent => "tone-accent",
            Self::Good => "tone-good",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }
}
