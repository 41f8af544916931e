//! Charts, drawn as SVG in whole numbers: a load curve with its time-of-use bands, and stacked bars by month or day.

mod axes;
mod bars;
mod cursor;
mod curve;
mod frame;
mod legend;
mod line;
mod scale;
mod spark;
mod texture;

pub use bars::{Bar, StackedBars};
pub use frame::ChartFrame;
pub use legend::{Legend, RegisterName};
pub use line::{Band, LineChart, Tick};
pub use spark::{Spark, SparkBar};

use crate::t;

/// A time-of-use register. Colour, pattern and letter are the same in every chart, bill and legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// Night.
    Valley,
    /// In between.
    Flat,
    /// High.
    Peak,
    /// Highest.
    Sharp,
    /// Energy that is not split.
    Total,
}

impl Register {
    /// The four, from the foot of a bar up.
    pub const ALL: [Self; 4] = [Self::Valley, Self::Flat, Self::Peak, Self::Sharp];

    /// The class that gives an element its colour.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Valley => "register-valley",
            Self::Flat => "register-flat",
            Self::Peak => "register-peak",
            Self::Sharp => "register-sharp",
            Self::Total => "register-total",
        }
    }

    /// Its name in the language chosen now.
    pub fn name(self) -> String {
        match self {
            Self::Valley => t!("kit-valley"),
            Self::Flat => t!("kit-flat"),
            Self::Peak => t!("kit-peak"),
            Self::Sharp => t!("kit-sharp"),
            Self::Total => t!("kit-energy"),
        }
    }
}
