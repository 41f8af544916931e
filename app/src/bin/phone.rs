//! The app on a phone; on a computer, the same in a window of a phone's size.

use std::process::ExitCode;

use clap::Parser as _;
use gridkey_app::{
    platform::Form,
    window::{Options, start},
};

fn main() -> ExitCode {
    start(Form::Phone, &Options::parse())
}
