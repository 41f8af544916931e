//! The app on a computer.

use std::process::ExitCode;

use clap::Parser as _;
use gridkey_app::{
    platform::Form,
    window::{Options, start},
};

fn main() -> ExitCode {
    start(Form::Computer, &Options::parse())
}
