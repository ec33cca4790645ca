//! Plans a run: resolves every path, and groups the tests by their policy.

mod paths;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

use hallpass_policy::GkeVersion;

use super::file::{Setup, TestFile, pointer_to};
use crate::output::Problem;
use paths::Paths;

/// The tests of a run.
#[derive(Default)]
pub(crate) struct Plan {
    pub(super) groups: Vec<Group>,
    /// The charts that a program renders first.
    pub(super) charts: Vec<Chart>,
    /// The runs of each file's tests.
    pub(super) runs: Vec<Vec<Run>>,
    pub(crate) errors: Vec<Problem>,
}

/// Workloads to evaluate with the same policy.
pub(super) struct Group {
    pub(super) policy: Policy,
    pub(super) sources: Vec<Source>,
}

/// A run of a test. A test of a chart has one run per variant.
pub(super) struct Run {
    /// The index of the test in its file.
    pub(super) test: usize,
    /// The values file of the variant, as the test names it.
    pub(super) variant: Option<String>,
    /// `None` if the test cannot be run; `errors` has the reason.
    pub(super) unit: Option<Unit>,
}

/// The index of a group, and that of a source in it.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) group: usize,
    pub(super) source: usize,
}

/// Everything that decides a verdict except the workload.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Policy {
    pub(super) allowlists: Vec<Installed>,
    pub(super) gke_version: Option<GkeVersion>,
    /// The name of a built-in profile, or the path of a file.
    pub(super) profile: PathBuf,
    pub(super) strict: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Installed {
    /// A file or a folder.
    Path(PathBuf),
    /// An object in a test file.
    Inline { file: usize, pointer: String },
}

/// The source of workloads.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Source {
    File(PathBuf),
    /// In the output for a chart, by its index.
    Chart(usize),
    /// In a test file.
    Inline {
        file: usize,
        test: usize,
    },
}

/// A chart, and the first test that needs it.
pub(super) struct Chart {
    pub(super) rendering: Rendering,
    /// The index of the test's file.
    pub(super) file: usize,
    /// JSON pointer to the chart's path in that file.
    pub(super) pointer: String,
}

/// The settings for rendering a chart.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Rendering {
    pub(super) folder: PathBuf,
    pub(super) values: Vec<PathBuf>,
    pub(super) sets: Vec<String>,
    /// The values file of the variant, after the others.
    pub(super) variant: Option<PathBuf>,
    pub(super) gke_version: Option<GkeVersion>,
    /// Whether the cluster has the API of allowlists.
    pub(super) has_allowlists: bool,
}

/// Plans the tests of all files.
pub(crate) fn plan(files: &[TestFile<'_>]) -> Plan {
    let mut plan = Plan::default();
    let mut places = Places::default();
    for (index, file) in files.iter().enumerate() {
        let paths = Paths { file, index };
        let common = paths.policy(&file.spec.setup, "/spec", None, &mut plan.errors);
        let mut runs = Vec::new();
        for (test, content) in file.spec.tests.iter().enumerate() {
            let pointer = pointer_to(test);
            let policy = match content.setup.is_empty() {
                true => common.clone(),
                false => paths.policy(&content.setup, &pointer, common.as_ref(), &mut plan.errors),
            };
            match &content.workload.chart {
                Some(chart) => {
                    let renderings = paths.chart(chart, policy.as_ref(), &pointer, &mut plan.errors);
                    for (variant, rendering) in chart.variants().zip(renderings) {
                        let unit = policy.as_ref().zip(rendering).map(|(policy, rendering)| {
                            let pointer = format!("{pointer}/workload/chart/path");
                            let chart = Chart { rendering, file: index, pointer };
                            let source = Source::Chart(places.chart(chart, &mut plan));
                            places.unit(policy, source, &mut plan)
                        });
                        runs.push(Run { test, variant: variant.cloned(), unit });
                    }
                }
                None => {
                    let source = paths.source(content, test, &pointer, &mut plan.errors);
                    let unit = policy.as_ref().zip(source);
                    let unit = unit.map(|(policy, source)| places.unit(policy, source, &mut plan));
                    runs.push(Run { test, variant: None, unit });
                }
            }
        }
        plan.runs.push(runs);
    }
    plan
}

/// The indices of the entries in the plan.
#[derive(Default)]
struct Places {
    groups: HashMap<Policy, usize>,
    sources: HashMap<(usize, Source), usize>,
    charts: HashMap<Rendering, usize>,
}

impl Places {
    fn unit(&mut self, policy: &Policy, source: Source, plan: &mut Plan) -> Unit {
        let group = match self.groups.get(policy) {
            Some(group) => *group,
            None => {
                plan.groups.push(Group { policy: policy.clone(), sources: Vec::new() });
                self.groups.insert(policy.clone(), plan.groups.len() - 1);
                plan.groups.len() - 1
            }
        };
        let source = match self.sources.entry((group, source)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let sources = plan.groups.get_mut(group).map(|group| &mut group.sources);
                let place = sources.map_or(0, |sources| {
                    sources.push(new.key().1.clone());
                    sources.len() - 1
                });
                *new.insert(place)
            }
        };
        Unit { group, source }
    }

    fn chart(&mut self, chart: Chart, plan: &mut Plan) -> usize {
        *self.charts.entry(chart.rendering.clone()).or_insert_with(|| {
            plan.charts.push(chart);
            plan.charts.len() - 1
        })
    }
}

impl Setup {
    fn is_empty(&self) -> bool {
        matches!(self, Setup { allowlists: None, gke_version: None, profile: None, strict: None })
    }
}
