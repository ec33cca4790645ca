//! The pre-commit hooks, run by pre-commit, which installs the wheel.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::file;
use super::wheel::{run, wheels};
use crate::support::hallpass;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A repository with the hooks of the template, and one that uses them.
struct Repositories {
    folder: tempfile::TempDir,
    wheels: PathBuf,
}

impl Repositories {
    fn new(wheels: PathBuf, hooks: &str) -> Self {
        let repositories = Repositories { folder: tempfile::tempdir().unwrap(), wheels };
        let hooks_folder = repositories.path("hooks");
        fs::create_dir(&hooks_folder).unwrap();
        for name in [".pre-commit-hooks.yaml", "pyproject.toml"] {
            fs::write(hooks_folder.join(name), file(&format!("packaging/pre-commit/{name}"))).unwrap();
        }
        repositories.commit("hooks");
        run(&mut repositories.git("hooks", &["tag", "v1.0.0"]));
        fs::create_dir(repositories.path("work")).unwrap();
        let config = format!(
            "repos:\n- repo: {}\n  rev: v1.0.0\n  hooks: {hooks}\n",
            serde_json::to_string(&hooks_folder).unwrap()
        );
        repositories.write(".pre-commit-config.yaml", &config);
        repositories
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the repository that uses the hooks.
    fn write(&self, name: &str, text: &str) {
        let path = self.path("work").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Keeps settings of this machine's user out.
    fn environment(&self, command: &mut Command) {
        for variable in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
            command.env(variable, "test");
        }
        command.env("GIT_CONFIG_GLOBAL", self.path("no-config")).env("GIT_CONFIG_NOSYSTEM", "1");
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
    }

    fn git(&self, repository: &str, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(self.path(repository));
        self.environment(&mut git);
        git
    }

    fn commit(&self, repository: &str) {
        run(&mut self.git(repository, &["init", "--quiet"]));
        run(&mut self.git(repository, &["add", "--all"]));
        run(&mut self.git(repository, &["commit", "--quiet", "--no-verify", "--message", "files"]));
    }

    /// Runs the hooks as `git commit` would. pip finds the wheel, and setuptools where pre-commit's virtualenv has it.
    fn pre_commit(&self) -> Output {
        let folder = "import pathlib, virtualenv; \
                      print(pathlib.Path(virtualenv.__file__).parent / 'seed/wheels/embed')";
        let setuptools = run(Command::new("python3").args(["-c", folder])).stdout;
        let mut links: OsString = self.wheels.clone().into();
        links.push(format!(" {}", String::from_utf8_lossy(&setuptools).trim()));
        let mut pre_commit = Command::new("pre-commit");
        pre_commit.args(["run", "--color", "never", "--verbose"]).current_dir(self.path("work"));
        self.environment(&mut pre_commit);
        pre_commit
            .env("PRE_COMMIT_HOME", self.path("cache"))
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", links);
        pre_commit.output().unwrap()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_hooks_check_what_their_configuration_names() {
    let Some(wheels) = wheels() else { return };
    let hooks = "[{id: hallpass-check}, {id: hallpass-lint}, {id: hallpass-render}]";
    let repositories = Repositories::new(wheels, hooks);
    let allowlist = "allowlists/acme-agent-v1.0.0.yaml";
    repositories.write(allowlist, &file(&format!("examples/{allowlist}")));
    repositories.write("deploy/agent.yaml", &file("examples/agent.yaml"));
    repositories.write(
        ".hallpass.yaml",
        "apiVersion: hallpass.dev/v1alpha1\nkind: Config\npaths: [deploy]\nallowlists: [allowlists]\n",
    );
    repositories.write("fleet.yaml", &file("examples/fleet.yaml"));
    run(&mut repositories.git("work", &["init", "--quiet"]));
    let mut render = hallpass();
    run(render
        .args(["render", "--fleet", "fleet.yaml", "--out", "hallpass"])
        .current_dir(repositories.path("work")));
    repositories.commit("work");

    // The hooks run although the commit contains none of the files that they check.
    let passed = repositories.pre_commit();
    assert!(passed.status.success(), "{}{}", stdout(&passed), String::from_utf8_lossy(&passed.stderr));
    assert_eq!(stdout(&passed).matches("Passed").count(), 3, "{}", stdout(&passed));

    repositories.write("deploy/agent.yaml", &file("examples/agent-upgraded.yaml"));
    repositories.write("allowlists/broken.yaml", "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlists\n");
    let fleet = file("examples/fleet.yaml");
    let changed = fleet.replacen("name: ", "name: other-", 1);
    assert_ne!(changed, fleet);
    repositories.write("fleet.yaml", &changed);
    run(&mut repositories.git("work", &["add", "--all"]));
    let failed = repositories.pre_commit();
    assert!(!failed.status.success());
    let printed = stdout(&failed);
    assert_eq!(printed.matches("Failed").count(), 3, "{printed}");
    assert!(printed.contains("denied DaemonSet acme/acme-agent"), "{printed}");
}

#[test]
fn the_template_of_the_hooks_installs_this_version() {
    let project = file("packaging/pre-commit/pyproject.toml");
    assert!(project.contains(&format!("dependencies = [\"hallpass-policy=={VERSION}\"]")), "{project}");
    let readme = file("packaging/pre-commit/README.md");
    assert!(readme.contains(&format!("rev: v{VERSION}")), "{readme}");
}
