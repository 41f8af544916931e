//! The app on a phone.
fn main() {}
