//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Manage keys, customers, payments and evidence with an administrator's USBKEY.
#[derive(Debug, Clone, Parser)]
#[command(name = "gridkey-dashboard", version, max_term_width = 100)]
pub struct Options {
    /// Configuration file (TOML), as gridkey-admin's; else the person's own, else the installation's
    #[arg(long, env = "GRIDKEY_ADMIN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language until one is chosen in the program: en or zh-CN
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Folder for what the web view keeps
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Screen to open, such as /keys
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
        let options = Options::parse_from(["gridkey-dashboard", "--config", "a.toml", "/keys"]);
        assert_eq!(options.screen.as_deref(), Some("/keys"));
    }
}
