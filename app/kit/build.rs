//! Turns the fonts into one style sheet of `data:` addresses, so that a program carries them wherever it is copied.

use std::{env, fmt::Write as _, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};

const WEIGHTS: [(u32, &str); 4] = [(400, "regular"), (500, "medium"), (600, "semibold"), (700, "bold")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new("../../assets/fonts");
    let mut css = String::new();
    for (weight, name) in WEIGHTS {
        let file = folder.join(format!("inter-{name}.woff2"));
        println!("cargo::rerun-if-changed={}", file.display());
        let data = STANDARD.encode(fs::read(&file)?);
        writeln!(
            css,
            "@font-face{{font-family:Inter;font-style:normal;font-weight:{weight};font-display:block;\
             src:url(data:font/woff2;base64,{data}) format(\"woff2\")}}"
        )?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("fonts.css"), css)?;
    Ok(())
}
