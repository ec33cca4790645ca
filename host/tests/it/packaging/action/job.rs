//! A job that runs the steps of `action.yml` as the runner executes them, with other programs on its `PATH`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::packaging::{file, write_program};
use crate::support::{document, repository};

/// A line of a log that starts a call.
const CALL: &str = "<call>";

/// Writes its arguments to `NAME.log`, one per line.
pub(super) const LOGS: &str = r#"printf '%s\n' '<call>' "$@" >> "$0.log"
"#;

/// A job of a workflow with one step, which uses the action.
pub(super) struct Job {
    folder: tempfile::TempDir,
    pub(super) inputs: BTreeMap<&'static str, &'static str>,
    /// The number of the pull request that the job runs for.
    pub(super) pull_request: &'static str,
    /// The workflow and the id of the job.
    pub(super) name: [&'static str; 2],
    /// The operating system and the architecture.
    pub(super) runner: [&'static str; 2],
}

impl Job {
    /// A job in which hallpass is installed, denies a workload and writes this report.
    pub(super) fn denying(report: &str) -> Self {
        let job = Job::without_hallpass();
        fs::write(job.path("report.md"), report).unwrap();
        job.hallpass(&format!(
            r#"{LOGS}for argument; do
    case $argument in
        markdown=*) cp "$(dirname "$0")/../report.md" "${{argument#markdown=}}" ;;
        sarif=*) echo '{{}}' > "${{argument#sarif=}}" ;;
    esac
done
echo '::error file=deploy/agent.yaml,line=3::denied'
exit 1
"#
        ));
        job
    }

    pub(super) fn without_hallpass() -> Self {
        let job = Job {
            folder: tempfile::tempdir().unwrap(),
            inputs: BTreeMap::new(),
            pull_request: "",
            name: ["check.yml", "gate"],
            runner: ["Linux", "X64"],
        };
        for folder in ["bin", "temp", "work"] {
            fs::create_dir(job.path(folder)).unwrap();
        }
        for name in ["output", "summary", "github_path"] {
            fs::write(job.path(name), "").unwrap();
        }
        job
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Installs a hallpass that runs a script for `check`.
    pub(super) fn hallpass(&self, script: &str) {
        let version = "[ \"$1\" != --version ] || { echo policy sha256:0; exit; }\n";
        self.program("hallpass", &format!("{version}{script}"));
    }

    pub(super) fn program(&self, name: &str, script: &str) {
        write_program(&self.path("bin"), name, script);
    }

    /// The value of `${{ EXPRESSION }}`, for the expressions that the action uses.
    fn value(&self, action: &Json, expression: &str) -> String {
        let outputs = self.read("output");
        let output = |name: &str| outputs.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        match expression {
            "github.action_path" => repository().canonicalize().unwrap().display().to_string(),
            "github.action_repository" => "acme/hallpass".to_owned(),
            "github.event.pull_request.number" => self.pull_request.to_owned(),
            "github.token" => "the-token".to_owned(),
            _ => match expression.split_once('.').unwrap() {
                ("inputs", name) => match self.inputs.get(name) {
                    Some(value) => (*value).to_owned(),
                    None => self.text(action, action["inputs"][name]["default"].as_str().unwrap()),
                },
                ("steps", rest) => {
                    output(rest.strip_prefix("check.outputs.").unwrap()).unwrap_or_default().to_owned()
                }
                _ => panic!("`{expression}` is not known here"),
            },
        }
    }

    fn text(&self, action: &Json, text: &str) -> String {
        match text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) {
            Some(expression) => self.value(action, expression),
            None => text.to_owned(),
        }
    }

    /// Runs the action, and returns the outputs of its steps by their names. After a step that fails, only those with
    /// such a condition run.
    pub(super) fn run(&self) -> BTreeMap<String, Output> {
        let action = document(file("action.yml").as_bytes());
        let mut ran = BTreeMap::new();
        let mut failed = false;
        for step in action["runs"]["steps"].as_array().unwrap() {
            let commenting = self.value(&action, "inputs.comment") == "true";
            let runs = match step["if"].as_str() {
                None => !failed,
                Some("inputs.comment == 'true'") => commenting && !failed,
                Some("inputs.comment == 'true' && !cancelled()") => commenting,
                Some(other) => panic!("`{other}` is not known here"),
            };
            if !runs {
                continue;
            }
            assert_eq!(step["shell"], "bash");
            let environment = step["env"].as_object().unwrap().iter();
            let environment: Vec<(&String, String)> = environment
                .map(|(name, value)| (name, self.text(&action, value.as_str().unwrap())))
                .collect();
            let output = self.bash(step["run"].as_str().unwrap(), &environment);
            failed |= !output.status.success();
            ran.insert(step["name"].as_str().unwrap().to_owned(), output);
        }
        ran
    }

    pub(super) fn bash(&self, script: &str, environment: &[(&String, String)]) -> Output {
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]);
        bash.env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()));
        bash.env("GITHUB_OUTPUT", self.path("output")).env("GITHUB_STEP_SUMMARY", self.path("summary"));
        bash.env("GITHUB_PATH", self.path("github_path")).env("RUNNER_TEMP", self.path("temp"));
        bash.env("GITHUB_SERVER_URL", "https://git.example").env("GITHUB_REPOSITORY", "acme/deploy");
        let [workflow, id] = self.name;
        let workflow = format!("acme/deploy/.github/workflows/{workflow}@refs/pull/12/merge");
        bash.env("GITHUB_RUN_ID", "7")
            .env("GITHUB_WORKFLOW_REF", workflow)
            .env("GITHUB_JOB", id)
            .env("GITHUB_WORKSPACE", self.path("work"))
            .env("RUNNER_OS", self.runner[0])
            .env("RUNNER_ARCH", self.runner[1]);
        bash.envs(environment.iter().map(|(name, value)| (name, value)));
        bash.current_dir(self.path("work")).output().unwrap()
    }

    /// The value of an output of the step that checks.
    pub(super) fn output(&self, name: &str) -> String {
        let outputs = self.read("output");
        let mut values = outputs.lines().filter_map(|line| line.strip_prefix(&format!("{name}=")));
        let value = values.next().unwrap_or_default().to_owned();
        assert_eq!(values.next(), None, "`{name}` has two values");
        value
    }

    /// The arguments of each call of a program.
    pub(super) fn calls(&self, program: &str) -> Vec<Vec<String>> {
        let log = self.read(&format!("bin/{program}.log"));
        let mut calls: Vec<Vec<String>> = Vec::new();
        for line in log.lines() {
            match line {
                CALL => calls.push(Vec::new()),
                argument => calls.last_mut().unwrap().push(argument.to_owned()),
            }
        }
        calls
    }
}
