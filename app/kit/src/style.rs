//! The style sheet of every window, as one text to put into the page's head.
//!
//! Light or dark is `data-theme="light"` or `"dark"` on any element, the system's choice without it. Beside the components'
//! own classes these are for screens:
//!
//! | class | what it does |
//! | --- | --- |
//! | `app` | the window's ground, at least as high as the window |
//! | `grid` with `span-3` … `span-9` | twelve columns from 1000 pixels on, two from 720, one below |
//! | `stack`, `stack-tight` | blocks one under the other, 16 or 8 pixels apart |
//! | `row`, `row-between` | things in a line that wraps |
//! | `form`, `form-actions` | fields one under the other; the buttons at their end |
//! | `gate`, `gate-logo`, `gate-title`, `gate-text`, `gate-form`, `gate-foot`, `gate-wide` | the card before the account |
//! | `list` with `li`, or `list-row`; `list-main`, `list-title`, `list-meta`, `list-end` | rows of two lines with a state at the end; `list-link` on an `a` |
//! | `nav-item`, `nav-wide`, `sidebar-card` | links of the sidebar; left out of the bottom bar; the key's card |
//! | `card-wash`, `card-foot`, `figure-note`, `section-title` | a card without a border; what stands at its end; the line under a figure; a heading between cards |
//! | `pairs-tight`, `cell-meta` | pairs without lines; a second line in a cell |
//! | `muted`, `small`, `mono`, `numeric`, `nowrap`, `visually-hidden` | text |
//! | `print-only`, `no-print`, `print-sheet` | on paper only, on the screen only, the part of a page that prints alone |

/// All styles: the fonts, the tokens, then what uses them.
pub const CSS: &str = concat!(
    include_str!(concat!(env!("OUT_DIR"), "/fonts.css")),
    include_str!("../../../assets/style/tokens.css"),
    include_str!("../../../assets/style/base.css"),
    include_str!("../../../assets/style/layout.css"),
    include_str!("../../../assets/style/components.css"),
    include_str!("../../../assets/style/charts.css"),
    include_str!("../../../assets/style/screens.css"),
    include_str!("../../../assets/style/shell.css"),
    include_str!("../../../assets/style/print.css"),
);
