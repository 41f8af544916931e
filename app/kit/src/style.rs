//! The style sheet of every window, as one text to put into the page's head.

/// All styles: the fonts, the tokens, then what uses them.
pub const CSS: &str = concat!(
    include_str!(concat!(env!("OUT_DIR"), "/fonts.css")),
    include_str!("../../../assets/style/tokens.css"),
    include_str!("../../../assets/style/base.css"),
    include_str!("../../../assets/style/layout.css"),
    include_str!("../../../assets/style/components.css"),
    include_str!("../../../assets/style/charts.css"),
    include_str!("../../../assets/style/screens.css"),
    include_str!("../../../assets/style/print.css"),
);
