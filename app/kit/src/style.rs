//! The style sheet of every window, as one text to put into the page's head.

/// All styles: tokens first, so that the rest can use them.
pub const CSS: &str = concat!(
    include_str!("../../../assets/style/tokens.css"),
    include_str!("../../../assets/style/base.css"),
    include_str!("../../../assets/style/layout.css"),
    include_str!("../../../assets/style/components.css"),
    include_str!("../../../assets/style/charts.css"),
    include_str!("../../../assets/style/print.css"),
);
