//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Pay your electricity charges with your USBKEY.
#[derive(Debug, Clone, Parser)]
#[command(version, max_term_width = 100)]
pub struct Options {
    /// Configuration file (TOML); else the person's own, else the installation's
    #[arg(long, env = "GRIDKEY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Start without showing the window: in the tray, or minimised where there is none
    #[arg(long)]
    pub hidden: bool,
    /// Language until one is chosen in the program: en or zh-CN
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Folder for what the web view keeps
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Screen to open, such as /bills
    #[arg(value_name = "SCREEN")]
    pub screen: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Options::command().debug_assert();
        let options = Options::parse_from(["gridkey-app", "--config", "c.toml", "--hidden", "/alarms"]);
        assert!(options.hidden && options.screen.as_deref() == Some("/alarms"));
    }
}
