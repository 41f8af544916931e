//! The app's real window, driven as a person drives it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gridkey_tests::window::{Desktop, Program, Start, Window};

#[test]
fn hello() {
    let desktop = Desktop::start(1280, 800).unwrap();
    let begun = std::time::Instant::now();
    let window = Window::open(&desktop, &Start::new(Program::Desktop, "")).unwrap();
    println!("{:?}", begun.elapsed());
    println!("{}", window.tree().unwrap());
    println!("{:?}", begun.elapsed());
    window.picture().unwrap().write(std::path::Path::new("/tmp/probe/hello.png")).unwrap();
    println!("{:?}", begun.elapsed());
    println!("{:?}", window.end());
}
