//! Prints when a key comes and goes, until Enter is pressed: `cargo run -p gridkey-token --example presence`.

use std::io;

use gridkey_token::PresenceWatcher;
use gridkey_token::presence::{Presence, ReaderWatcher};

fn main() -> io::Result<()> {
    let watcher = ReaderWatcher::start(|event| match event {
        Presence::Inserted(place) => println!("inserted {place}"),
        Presence::Removed(place) => println!("removed {place}"),
        Presence::ServiceAvailable => println!("the PC/SC service answers"),
        Presence::ServiceUnavailable { reason } => println!("no PC/SC service: {reason}"),
    })?;
    io::stdin().read_line(&mut String::new())?;
    Box::new(watcher).stop();
    Ok(())
}
