//! `cargo xtask …`: what people do with this repository from one command.
//!
//! It is built in seconds and before anything else, so that it can install what the rest of the workspace needs to be
//! built at all.

mod android;
mod bench;
mod build;
mod compose_test;
mod demo;
mod dist;
mod docker;
mod images;
mod lint;
mod options;
mod package_test;
mod screens;
mod setup;
mod test;
mod workspace;

use std::process::ExitCode;

use options::Task;

fn main() -> ExitCode {
    let task = match Task::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(reason) => {
            eprintln!("{reason}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let held = match task {
        Task::Help => {
            println!("{}", options::USAGE);
            Ok(true)
        }
        Task::Setup { yes } => setup::run(setup::Use::Tests, yes).map(|()| true),
        Task::Lint => lint::run(),
        Task::Test { yes, arguments } => test::run(yes, &arguments),
        Task::Screens { yes } => screens::run(yes),
        Task::CheckAndroid { yes } => android::run(yes),
        Task::Dist(options) => dist::run(&options).map(|_| true),
        Task::PackageTest(options) => package_test::run(&options),
        Task::Images(options) => images::run(&options).map(|()| true),
        Task::ComposeTest(options) => compose_test::run(&options),
        Task::Demo(options) => demo::run(options),
        Task::Bench(options) => bench::run(&options),
    };
    match held {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
