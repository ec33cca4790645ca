//! Writes the seeds of a target to a folder: `seeds TARGET FOLDER`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use hallpass_fuzz::seeds::{cases, manifests, patterns};

fn main() -> io::Result<()> {
    let mut arguments = env::args_os().skip(1);
    let target = arguments.next().unwrap_or_default();
    let seeds = match target.to_str() {
        Some("reader") => manifests()?,
        Some("patterns") => patterns()?,
        Some("decide") => cases()?,
        _ => return Err(io::Error::other("pass a target: reader, patterns or decide")),
    };
    let folder = arguments.next().map(PathBuf::from).ok_or_else(|| io::Error::other("pass a folder"))?;
    write(&seeds, &folder)
}

/// Removes other files: a seed that was removed from the repository must not remain.
fn write(seeds: &[Vec<u8>], folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(folder)?,
    }
    for (index, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{index:04}")), seed)?;
    }
    Ok(())
}
