//! Embeds the page if it has been built. Building the page needs Node, which building hallpass does not.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    const PAGE: &str = "../dist/hallpass.html";
    let (watched, page) = match fs::read(PAGE) {
        // Cargo treats a missing file as changed every time.
        Err(error) if error.kind() == io::ErrorKind::NotFound => ("../dist", Vec::new()),
        page => (PAGE, page?),
    };
    println!("cargo::rerun-if-changed={watched}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join("page.html"), page)?;
    Ok(())
}
