//! What a browser, and those who cannot see it, make of the components: axe-core and Chromium over screens made of all of
//! them, in both languages, light and dark.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod gallery;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gallery::Scene;
use serde_json::Value;

const AXE: &str = include_str!("axe/axe.min.js");
const INSPECT: &str = include_str!("axe/inspect.js");
const HARNESS: &str = include_str!("axe/harness.js");

/// A screen at a width, and what was found there.
struct Finding {
    name: String,
    width: i64,
    scroll: i64,
    wide: String,
    spill: Vec<String>,
    serious: Vec<String>,
}

#[test]
fn kit_components_have_no_serious_axe_violation() {
    let scenes: Vec<(Scene, u32)> =
        Scene::all().into_iter().map(|scene| (scene, if scene.phone { 390 } else { 1280 })).collect();
    let findings = inspect("axe", AXE, &scenes);
    let serious: Vec<String> = findings.iter().flat_map(|finding| finding.serious.clone()).collect();
    assert!(serious.is_empty(), "{}", serious.join("\n\n"));
}

#[test]
fn nothing_is_wider_than_its_window_or_its_card() {
    let narrow = Scene::all().into_iter().filter(|scene| scene.phone && scene.theme == "light");
    let widths = [320, 390, 720, 860, 1000, 1280];
    let scenes: Vec<(Scene, u32)> = narrow.flat_map(|scene| widths.map(|width| (scene, width))).collect();
    let mut faults = Vec::new();
    for finding in inspect("width", "", &scenes) {
        let Finding { name, width, scroll, wide, spill, .. } = finding;
        if scroll > width {
            faults.push(format!("{name} needs {scroll} of {width} pixels: {wide}"));
        }
        faults.extend(spill.into_iter().map(|card| format!("{name} at {width}: {card} spills over")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Renders `scenes` with `library` in their heads, opens each in Chromium at its width and returns what was found there.
fn inspect(run: &str, library: &str, scenes: &[(Scene, u32)]) -> Vec<Finding> {
    let folder = folder(run);
    let mut pages = Vec::new();
    for (scene, width) in scenes {
        let file = format!("{}.html", scene.name());
        let extra = format!("<script>{library}</script><script>{INSPECT}</script>");
        fs::write(folder.join(&file), scene.html(&extra)).unwrap();
        // The same without scripts, to be looked at.
        fs::write(folder.parent().unwrap().join(&file), scene.html("")).unwrap();
        pages.push(serde_json::json!({ "file": file, "width": width }));
    }
    let pages = Value::Array(pages);
    let harness = folder.join("harness.html");
    fs::write(&harness, format!("<!doctype html><body><script>const pages = {pages};{HARNESS}</script>")).unwrap();

    let dom = browse(&harness, &folder.join("profile"));
    let text = dom.split_once("<pre>RESULT ").and_then(|(_, rest)| rest.split_once(" END")).map(|(json, _)| json);
    let text = text.unwrap_or_else(|| panic!("the browser did not finish: {dom}"));
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let found: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(found.len(), scenes.len(), "every screen answers");
    found.iter().map(finding).collect()
}

fn finding(found: &Value) -> Finding {
    let name = found["name"].as_str().unwrap().to_owned();
    assert_eq!(found["fault"], "", "axe failed on {name}");
    let violations = found["violations"].as_array().unwrap().iter();
    let serious = violations.filter(|violation| violation["impact"] == "serious" || violation["impact"] == "critical");
    let serious = serious.map(|violation| format!("{name}: {} {:#}", violation["id"], violation["where"])).collect();
    Finding {
        name,
        width: found["width"].as_i64().unwrap(),
        scroll: found["scroll"].as_i64().unwrap(),
        wide: found["wide"].to_string(),
        spill: found["spill"].as_array().unwrap().iter().map(|card| card.to_string()).collect(),
        serious,
    }
}

/// The page after its scripts have run.
fn browse(page: &Path, profile: &Path) -> String {
    let browser = std::env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
    let mut command = Command::new(&browser);
    command
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--hide-scrollbars",
        ])
        .args([
            "--allow-file-access-from-files",
            "--window-size=1400,1000",
            "--timeout=120000",
            "--virtual-time-budget=600000",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()));
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "{} is needed to check accessibility (apt install chromium, or set CHROMIUM): {error}",
            browser.display()
        )
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn folder(run: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    let folder = target.join("kit-gallery").join(run);
    fs::create_dir_all(&folder).unwrap();
    folder
}
