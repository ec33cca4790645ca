//! Charts: the user's `helm` renders each once, for all tests of the same output.

use hallpass_report::{FileReport, Judge, place};

use super::file::TestFile;
use super::plan::{self, Rendering};
use crate::input::{Build, Caller, Chart, Cluster, Printed, Run, values_files};
use crate::output::Problem;
use crate::selected_engine::SelectedEngine;

/// The output for a chart.
pub(super) struct Rendered {
    folder: String,
    /// The build of the chart, and the output.
    output: Result<(Build, Printed), Vec<Problem>>,
}

impl plan::Chart {
    /// Renders the chart. If the program fails, the error is at the test.
    pub(super) fn render(&self, files: &[TestFile<'_>]) -> Rendered {
        let render = || {
            let build = self.rendering.build()?;
            let printed =
                build.render(Caller::Test).map_err(|problem| vec![self.at_test(*problem, files)])?;
            Ok((build, printed))
        };
        Rendered { folder: self.rendering.folder.display().to_string(), output: render() }
    }

    fn at_test(&self, problem: Problem, files: &[TestFile<'_>]) -> Problem {
        let Some(file) = files.get(self.file) else { return problem };
        let location = file.parsed.document.locate(&self.pointer);
        let mut problem = problem.at(place(&location, Some(&file.parsed.lines)), &self.pointer);
        file.name().clone_into(&mut problem.file);
        problem
    }
}

impl Rendering {
    fn build(&self) -> Result<Build, Vec<Problem>> {
        let chart = Chart::read(&self.folder, Caller::Test)?;
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
