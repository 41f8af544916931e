//! The administrators' dashboard.

use std::process::ExitCode;

use clap::Parser as _;
use gridkey_dashboard::window::{Options, start};

fn main() -> ExitCode {
    start(&Options::parse())
}
