//! What a browser and those who cannot see it make of the components.

#![expect(unused_qualifications, reason = "rsx! writes the paths of events in full")]

mod gallery;

use std::{fs, path::PathBuf};

use gallery::Scene;

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("kit-gallery");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn gallery() {
    for scene in Scene::all() {
        fs::write(folder().join(format!("{}.html", scene.name())), scene.html("")).unwrap();
    }
}
