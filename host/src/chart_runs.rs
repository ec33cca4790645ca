//! `--values`, `--set` and `--matrix`: the ways to render the charts among the paths, one, or one per file of the matrix.

use std::path::PathBuf;

use clap::Args;

use crate::input::{self, Cluster, Run, ValuesFile};
use crate::output::Problem;
use crate::text::visible;

/// Why charts cannot be rendered as the command line asks.
pub(crate) enum RunsError {
    /// The options contradict each other or the paths.
    Usage(String),
    /// Files cannot be used.
    Input(Vec<Problem>),
}

/// The values of charts.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ChartValues {
    /// Values for the charts among the paths, as for `helm template`: of several files, the later ones win
    #[arg(long, value_name = "FILE", num_args = 1)]
    pub(crate) values: Vec<PathBuf>,

    /// A value for the charts among the paths, as for `helm template`
    #[arg(long, value_name = "KEY=VALUE", num_args = 1)]
    pub(crate) set: Vec<String>,

    /// Render the charts once per file, with its values on top of those of --values
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) matrix: Vec<PathBuf>,
}

impl ChartValues {
    /// Returns the first option that is used.
    pub(crate) fn option(&self) -> Option<&'static str> {
        let ChartValues { values, set, matrix } = self;
        let options =
            [("--values", values.is_empty()), ("--set", set.is_empty()), ("--matrix", matrix.is_empty())];
        options.into_iter().find(|(_, is_unused)| !is_unused).map(|(option, _)| option)
    }

    /// Returns the ways to render the charts among the paths.
    pub(crate) fn runs(&self, cluster: Cluster, paths: &[PathBuf]) -> Result<Vec<Run>, RunsError> {
        let ChartValues { values, set, matrix } = self;
        if let Some(option) = self.option()
            && !paths.iter().any(|path| input::is_chart(path))
        {
            let message = format!("`{option}` needs a chart: pass the folder of a Helm chart before it");
            return Err(RunsError::Usage(message));
        }
        let (values, mut problems) = input::values_files(values);
        let (matrix, more) = input::values_files(matrix);
        problems.extend(more);
        if let Some(file) = input::duplicate(&matrix) {
            return Err(RunsError::Usage(format!("`--matrix` names `{}` twice", visible(&file.name))));
        }
        if !problems.is_empty() {
            return Err(RunsError::Input(problems));
        }
        let run = |variant: Option<&ValuesFile>| Run {
            values: values.iter().chain(variant).cloned().collect(),
            sets: set.clone(),
            cluster,
            variant: variant.map(|file| file.name.clone()),
        };
        Ok(if matrix.is_empty() { vec![run(None)] } else { matrix.iter().map(Some).map(run).collect() })
    }
}
