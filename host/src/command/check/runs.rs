//! The ways to render the charts among the paths: one, or one per file of `--matrix`.

use std::path::{Path, PathBuf};

use crate::cli::Check;
use crate::config::Settings;
use crate::input::{self, Cluster, Run, ValuesFile};
use crate::output::Problem;
use crate::text::visible;

/// Returns the ways to render the charts among the paths. The outer error is one of usage.
pub(super) fn runs(
    arguments: &Check,
    settings: &Settings,
    paths: &[PathBuf],
) -> Result<Result<Vec<Run>, Vec<Problem>>, String> {
    let Check { values, set, matrix, .. } = arguments;
    let option =
        [("--values", values.is_empty()), ("--set", set.is_empty()), ("--matrix", matrix.is_empty())];
    if let Some((option, _)) = option.iter().find(|(_, is_unused)| !is_unused)
        && !paths.iter().any(|path| input::is_chart(path))
    {
        return Err(format!("`{option}` needs a chart: pass the folder of a Helm chart before it"));
    }
    let (values, mut problems) = input::values_files(values);
    let (matrix, more) = input::values_files(matrix);
    problems.extend(more);
    if let Some(file) = input::duplicate(&matrix) {
        return Err(format!("`--matrix` names `{}` twice", visible(&file.name)));
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let cluster = Cluster {
        version: settings.gke_version,
        // Only the constraints of other clusters say that there is no API for allowlists.
        has_allowlists: settings.profile != Path::new("kubernetes"),
    };
    let run = |variant: Option<&ValuesFile>| Run {
        values: values.iter().chain(variant).cloned().collect(),
        sets: set.clone(),
        cluster,
        variant: variant.map(|file| file.name.clone()),
    };
    Ok(Ok(if matrix.is_empty() { vec![run(None)] } else { matrix.iter().map(Some).map(run).collect() }))
}
