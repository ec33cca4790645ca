//! Finds the config: in the working directory only, so that no judged folder brings its own.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::WANTED;
use crate::cli::Check;
use crate::output::Problem;
use crate::source::Source;

/// The config of the working directory.
const NAME: &str = ".hallpass.yaml";

/// Names that other programs would accept as well.
const SIMILAR: [&str; 2] = [".hallpass.yml", ".hallpass.json"];

/// Returns the path of the config: that of the command line, or that of the working directory, where it need not exist.
pub(crate) fn path(arguments: &Check) -> Option<PathBuf> {
    let named = || arguments.config.clone().unwrap_or_else(|| PathBuf::from(NAME));
    (!arguments.no_config).then(named)
}

/// Reads the config, if it exists.
pub(crate) fn source(arguments: &Check) -> Result<Option<Source>, Vec<Problem>> {
    let Some(path) = path(arguments) else { return Ok(None) };
    if arguments.config.is_none() && !exists().map_err(|problem| vec![*problem])? {
        return Ok(None);
    }
    if path.is_dir() {
        let problem = Problem::new(&path.display().to_string(), "a config must be a file");
        return Err(vec![problem.help("pass a file")]);
    }
    Source::read(&path, &WANTED, "").map(Some)
}

/// Returns a warning for each file that is probably intended as the config of the working directory.
pub(crate) fn misnamed(arguments: &Check) -> Vec<Problem> {
    if arguments.no_config || arguments.config.is_some() {
        return Vec::new();
    }
    let found = SIMILAR.iter().filter(|name| Path::new(name).symlink_metadata().is_ok());
    let help = match Path::new(NAME).symlink_metadata() {
        Ok(_) => format!("move its fields to `{NAME}`"),
        Err(_) => format!("rename it to `{NAME}`"),
    };
    found
        .map(|name| Problem::new(name, format!("ignored: a config is named `{NAME}`")).help(&*help))
        .collect()
}

/// Whether the working directory has a config. A file that cannot be used is an error: without it, other manifests
/// could be checked, by other constraints.
fn exists() -> Result<bool, Box<Problem>> {
    let path = Path::new(NAME);
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unusable(&format!("cannot be read: {}", crate::input::plain(&error)))),
        Ok(metadata) if metadata.is_symlink() => {
            let target = path.canonicalize().map_err(|_| unusable("a broken link"))?;
            // A pull request can add the link, and its author may not be allowed to read the target. Errors in a config
            // show its lines.
            let is_within = Path::new(".").canonicalize().is_ok_and(|folder| target.starts_with(folder));
            if !is_within {
                let message = "a link that leads out of the working directory, which is not followed";
                return Err(Box::new(Problem::new(NAME, message).help("pass its target with `--config`")));
            }
        }
        Ok(_) => {}
    }
    // Reading a pipe could block forever.
    if path.is_file() { Ok(true) } else { Err(unusable("is not a regular file")) }
}

fn unusable(message: &str) -> Box<Problem> {
    Box::new(Problem::new(NAME, message).help("fix it, or ignore it with `--no-config`"))
}
