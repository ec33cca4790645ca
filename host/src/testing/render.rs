//! Charts: the user's `helm` renders each once, for all tests of the same output.

use hallpass_report::{FileReport, Judge};

use super::plan::Rendering;
use crate::input::{Build, Chart, Cluster, Printed, Run, values_files};
use crate::output::Problem;
use crate::selected_engine::SelectedEngine;

/// The output for a chart.
pub(super) struct Rendered {
    folder: String,
    /// How the chart was rendered, and the output.
    output: Result<(Build, Printed), Vec<Problem>>,
}

impl Rendering {
    pub(super) fn render(&self) -> Rendered {
        let render = || {
            let build = self.build()?;
            let printed = build.render().map_err(|problem| vec![*problem])?;
            Ok((build, printed))
        };
        Rendered { folder: self.folder.display().to_string(), output: render() }
    }

    fn build(&self) -> Result<Build, Vec<Problem>> {
        let chart = Chart::read(&self.folder)?;
        let paths: Vec<_> = self.values.iter().chain(&self.variant).cloned().collect();
        let (values, problems) = values_files(&paths);
        if !problems.is_empty() {
            return Err(problems);
        }
        let run = Run {
            values,
            sets: self.sets.clone(),
            cluster: Cluster { version: self.gke_version, has_allowlists: self.has_allowlists },
            variant: self.variant.as_ref().map(|variant| variant.display().to_string()),
        };
        Ok(Build::Chart(chart, run))
    }
}

/// Evaluates the output for a chart.
pub(super) fn judge(judge: &Judge<'_, SelectedEngine<'_>>, chart: &Rendered) -> FileReport {
    match &chart.output {
        Ok((build, printed)) => {
            let report = judge.file(&chart.folder, &printed.bytes, true);
            let mut report = FileReport { notes: printed.notes.clone(), ..report };
            build.label(&mut report);
            report
        }
        Err(errors) => FileReport { errors: errors.clone(), ..FileReport::default() },
    }
}
