//! Suggestions for paths that do not exist.

use std::path::{Path, PathBuf};

use hallpass_document::nearest;

/// Returns a help line that suggests an existing path, if one is similar to a path that does not exist. `written` is the
/// path as the user wrote it.
pub(crate) fn did_you_mean(path: &Path, written: &str) -> Option<String> {
    // The first part that does not exist contains the typo.
    let is_missing = |part: &&Path| !part.as_os_str().is_empty() && !part.exists();
    let missing = path.ancestors().take_while(is_missing).last()?;
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = folder.read_dir().ok()?.filter_map(Result::ok);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let meant = nearest(missing.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    let rest = path.strip_prefix(missing).ok()?;
    let corrected = |part: &Path| -> PathBuf {
        let start = part.with_file_name(meant);
        start.components().chain(rest.components()).collect()
    };
    if !corrected(missing).exists() {
        return None;
    }
    let start = Path::new(written).ancestors().nth(rest.components().count())?;
    Some(format!("did you mean `{}`?", corrected(start).display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::did_you_mean;

    #[test]
    fn the_part_with_the_typo_is_corrected() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("deploy/prod")).unwrap();
        fs::write(folder.path().join("deploy/prod/web.yaml"), "").unwrap();
        for (written, meant) in [
            ("deploi", Some("deploy")),
            ("./deploi/", Some("./deploy")),
            ("deploi/prod/web.yaml", Some("deploy/prod/web.yaml")),
            ("deploy/prd", Some("deploy/prod")),
            ("deploy/prod/wep.yaml", Some("deploy/prod/web.yaml")),
            ("deploi/prod/gone.yaml", None),
            ("deploi/..", Some("deploy/..")),
            ("other", None),
            ("", None),
        ] {
            let expected = meant.map(|meant| format!("did you mean `{meant}`?"));
            assert_eq!(did_you_mean(&folder.path().join(written), written), expected, "{written}");
        }
    }
}
