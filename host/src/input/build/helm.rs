//! Renders a chart with the user's `helm`.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use hallpass_compile::is_dns_subdomain;
use hallpass_policy::GkeVersion;
use hallpass_report::{Wanted, place, single};
use walkdir::WalkDir;

use super::super::caller::Caller;
use super::super::roots::CHART;
use super::super::shell::word;
use super::super::{Input, real};
use super::schema::references_out;
use super::values::ValuesFile;
use super::{Printed, Tool, local, render};
use crate::output::Problem;

const WANTED: Wanted = Wanted { called: "the description of a chart", kind: "chart" };

/// Helm installs the objects in `crds` too, whatever their kind is.
const HELM: Tool = Tool { program: "helm", arguments: &["template", CRDS] };

const CRDS: &str = "--include-crds";

/// Helm's default, for a chart whose name is not the name of a release.
const DEFAULT_RELEASE: &str = "release-name";

/// The API of allowlists. Autopilot clusters have it, and charts of partners ask for it.
const APIS: [&str; 3] =
    ["auto.gke.io/v1", "auto.gke.io/v1/AllowlistSynchronizer", "auto.gke.io/v1/WorkloadAllowlist"];

/// The cluster that a chart is rendered for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    /// Its version; Helm's default if it is unknown.
    pub(crate) version: Option<GkeVersion>,
    /// Whether it has WorkloadAllowlists.
    pub(crate) has_allowlists: bool,
}

impl Cluster {
    /// The options of `helm template` that describe the cluster.
    fn options(self) -> impl Iterator<Item = String> {
        let version = self.version.map(|version| format!("--kube-version={version}"));
        let apis =
            APIS.iter().filter(move |_| self.has_allowlists).map(|api| format!("--api-versions={api}"));
        version.into_iter().chain(apis)
    }
}

/// The values to render charts with.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The files, later ones before earlier ones.
    pub(crate) values: Vec<ValuesFile>,
    /// Single values, before all files.
    pub(crate) sets: Vec<String>,
    /// The cluster.
    pub(crate) cluster: Cluster,
    /// The name of the run in reports, if there are several.
    pub(crate) variant: Option<String>,
}

/// A folder with a chart.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    folder: PathBuf,
    name: String,
}

impl Chart {
    /// Reads the chart's name.
    pub(crate) fn read(folder: &Path, caller: Caller) -> Result<Self, Vec<Problem>> {
        let strays = links_out(folder, caller);
        if !strays.is_empty() {
            return Err(strays);
        }
        let strays = references_out(folder);
        if !strays.is_empty() {
            return Err(strays);
        }
        let file = folder.join(CHART);
        let input = Input::file(file.display().to_string(), file, true);
        let bytes = input.read().map_err(|problem| vec![*problem])?;
        let parsed = single(input.name(), &bytes, &WANTED)?;
        match parsed.document.root().get("name").and_then(|name| name.as_str()) {
            Some(name) => Ok(Chart { folder: folder.to_path_buf(), name: name.to_owned() }),
            None => {
                let location = parsed.document.locate("/name");
                let problem = Problem::new(input.name(), "the chart has no `name`")
                    .at(place(&location, Some(&parsed.lines)), "/name")
                    .help("write the name of the chart");
                Err(vec![problem])
            }
        }
    }

    /// Renders the chart. Everything that could start another program or reach the network stays off.
    pub(crate) fn render(&self, run: &Run, caller: Caller) -> Result<Printed, Box<Problem>> {
        let folder = local(&self.folder);
        let arguments = |command: &mut Command| {
            command.args(run.values.iter().map(ValuesFile::argument));
            command.args(run.sets.iter().map(|set| format!("--set={set}")));
            command.args(run.cluster.options());
            command.arg("--").arg(self.release()).arg(&folder);
        };
        render(&self.folder, &[HELM], arguments, &self.by_hand(run), caller).map_err(|problem| {
            let template = self.named_in(&problem.message).map(str::to_owned);
            Box::new(problem.of_template(template.as_deref()))
        })
    }

    /// Returns the first template that a message of Helm names: `execution error at (agent/templates/a.yaml:4:6)`.
    fn named_in<'m>(&self, message: &'m str) -> Option<&'m str> {
        let mut words = message.split(|c: char| c.is_whitespace() || "():\"'".contains(c));
        words.find(|word| self.file_of(word).is_some())
    }

    /// The same command for users.
    fn by_hand(&self, run: &Run) -> String {
        let mut command = format!("helm template {CRDS} {} {}", self.release(), word(&self.folder));
        let values = run.values.iter().map(|file| ("--values", &file.name));
        for (option, value) in values.chain(run.sets.iter().map(|set| ("--set", set))) {
            command.push_str(&format!(" {option} {}", word(Path::new(value))));
        }
        for option in run.cluster.options() {
            command.push_str(&format!(" {option}"));
        }
        command
    }

    /// The chart's name, so that its objects have the names of its documentation.
    fn release(&self) -> &str {
        if is_release(&self.name) { &self.name } else { DEFAULT_RELEASE }
    }

    /// Returns the file of a template that Helm names: `charts/agent/templates/a.yaml` for `agent/templates/a.yaml`. A
    /// chart from an archive has no such file.
    pub(crate) fn file_of(&self, template: &str) -> Option<String> {
        let below = Path::new(template.strip_prefix(&self.name)?.strip_prefix('/')?);
        // Messages of Helm can contain any text.
        if !below.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let file = self.folder.join(below);
        let shown = file.strip_prefix(".").unwrap_or(&file);
        file.is_file().then(|| shown.display().to_string())
    }
}

/// Whether Helm accepts a name for a release: a DNS name of at most 53 characters.
fn is_release(name: &str) -> bool {
    name.len() <= 53 && is_dns_subdomain(name)
}

/// Returns an error for each link that leads out of the chart. Helm follows links, but a pull request can add them, and
/// their target could be a file that its author may not read.
fn links_out(folder: &Path, caller: Caller) -> Vec<Problem> {
    let root = real(folder);
    let entries = WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let links = entries.filter(|entry| entry.path_is_symlink() && !real(entry.path()).starts_with(&root));
    links
        .map(|link| {
            let below = link.path().strip_prefix(&root).unwrap_or(link.path());
            Problem::new(
                &folder.join(below).display().to_string(),
                "a link that leads out of the chart, which is not followed",
            )
            .help(
                caller.or_pipe(
                    "replace it with a copy of its target",
                    &format!("helm template {}", word(folder)),
                ),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_release;

    #[test]
    fn names_are_releases_as_helm_checks_them() {
        for (name, accepted) in [
            ("agent", true),
            ("agent-2.x", true),
            ("0", true),
            ("", false),
            ("Agent", false),
            ("agent_a", false),
            ("-agent", false),
            ("agent-", false),
            ("agent.", false),
            ("agent.-a", false),
            (&"a".repeat(53), true),
            (&"a".repeat(54), false),
        ] {
            assert_eq!(is_release(name), accepted, "{name}");
        }
    }
}
