//! Kustomizations and Helm charts: files that must be built first are not manifests, and are never evaluated as such.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{check, column, hallpass, repository};

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: a, image: b}]}\n";
const CHART: &str = "apiVersion: v2\nname: agent\nversion: 1.0.0\n";
const LISTING: &str =
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base, pod.yaml, sub]\n";
const PATCHED: &str = "resources: [../base]\npatches: [{path: patch.yaml}]\n";

/// Files below a folder: each contains a Pod with the file's name, unless its contents are given. It is a Git
/// repository by default.
struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Tree::without_git(files);
        fs::create_dir(tree.0.path().join(".git")).unwrap();
        tree
    }

    fn without_git(files: &[(&str, &str)]) -> Self {
        let tree = Tree(TempDir::new().unwrap());
        for (path, content) in files {
            tree.write(path, content);
        }
        tree
    }

    fn write(&self, path: &str, content: &str) {
        let file = self.0.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let name = Path::new(path).file_stem().unwrap().to_str().unwrap();
        fs::write(file, if content.is_empty() { POD.replace("NAME", name) } else { content.to_owned() })
            .unwrap();
    }

    /// Returns the exit code, the names of the evaluated workloads, and the file and suggested command of each error.
    fn judge(&self, from: &str, arguments: &[&str]) -> (i32, Vec<String>, Vec<(String, String)>) {
        let (exit, report) = self.check(from, arguments);
        let commands = column(&report["errors"], "help").into_iter().map(|help| {
            let command = help.split('`').nth(1).unwrap_or(&help);
            command.strip_suffix(" | hallpass check -").unwrap_or(command).to_owned()
        });
        let errors = column(&report["errors"], "file").into_iter().zip(commands).collect();
        (exit, column(&report["results"], "name"), errors)
    }

    fn check(&self, from: &str, arguments: &[&str]) -> (i32, Value) {
        let mut command = hallpass();
        // No program renders anything.
        command.env("PATH", self.0.path());
        command.current_dir(self.0.path().join(from)).args(["check", "-o", "json", "--engine", "native"]);
        check(command.args(arguments))
    }
}

fn error(file: &str, command: &str) -> (String, String) {
    (file.to_owned(), command.to_owned())
}

#[test]
fn what_lies_at_or_below_a_root_is_not_judged_file_by_file() {
    let tree = Tree::new(&[
        ("app/a.yaml", ""),
        ("app/base/base.yaml", ""),
        ("app/base/kustomization.yaml", "resources: [base.yaml]\n"),
        ("app/overlay/kustomization.yaml", PATCHED),
        ("app/overlay/patch.yaml", ""),
        ("app/overlay/deeper/x.yaml", ""),
        ("chart/Chart.yaml", CHART),
        ("chart/values.yaml", ""),
        ("chart/crds/crd.yaml", ""),
        ("chart/templates/pod.yaml", ""),
        ("z.yaml", ""),
    ]);
    let (exit, judged, errors) = tree.judge("", &["."]);
    assert_eq!(exit, 3);
    assert_eq!(judged, ["a", "base", "z"]);
    let overlay = error("./app/overlay/kustomization.yaml", "hallpass check ./app/overlay");
    assert_eq!(errors, [overlay, error("./chart/Chart.yaml", "hallpass check ./chart")]);

    let (exit, judged, errors) = tree.judge("", &["--no-render", "app"]);
    assert_eq!((exit, judged.len(), errors.len()), (0, 4, 0), "{errors:?}");
}

#[test]
fn a_root_is_found_from_a_file_or_a_folder_in_it() {
    let tree = Tree::new(&[
        ("overlay/kustomization.yml", PATCHED),
        ("overlay/patch.yaml", ""),
        ("overlay/deeper/x.yaml", ""),
        ("chart/Chart.yaml", CHART),
        ("chart/templates/sub/pod.yaml", ""),
        ("beside/pod.yaml", ""),
    ]);
    let overlay = |folder: &str, file: &str| error(file, &format!("hallpass check {folder}"));
    for (from, path, expected) in [
        ("", "overlay/patch.yaml", overlay("overlay", "overlay/kustomization.yml")),
        ("", "overlay/deeper", overlay("overlay", "overlay/kustomization.yml")),
        ("", "./overlay/deeper/x.yaml", overlay("./overlay", "./overlay/kustomization.yml")),
        ("overlay", "patch.yaml", overlay(".", "./kustomization.yml")),
        ("overlay/deeper", "x.yaml", overlay("..", "../kustomization.yml")),
        ("overlay/deeper", ".", overlay("..", "../kustomization.yml")),
        ("beside", "../overlay/deeper/", overlay("../overlay", "../overlay/kustomization.yml")),
        ("", "chart/templates/sub/pod.yaml", error("chart/Chart.yaml", "hallpass check chart")),
        ("chart/templates/sub", "pod.yaml", error("../../Chart.yaml", "hallpass check ../..")),
    ] {
        let (exit, judged, errors) = tree.judge(from, &[path]);
        assert_eq!((exit, judged.len()), (3, 0), "{path} from `{from}`");
        assert_eq!(errors, [expected], "{path} from `{from}`");
        let (exit, judged, errors) = tree.judge(from, &["--no-render", path]);
        assert!(exit == 0 && !judged.is_empty(), "{path} from `{from}`: {errors:?}");
    }
    assert_eq!(tree.judge("", &["beside/pod.yaml"]).0, 0);
    let absolute = tree.0.path().join("overlay/patch.yaml");
    assert_eq!(tree.judge("beside", &[absolute.to_str().unwrap()]).0, 3);
}

#[test]
fn one_error_a_root_however_often_it_is_met() {
    let tree = Tree::new(&[
        ("chart/Chart.yaml", CHART),
        ("chart/templates/a.yaml", ""),
        ("chart/templates/b.yaml", ""),
        ("chart/charts/sub/Chart.yaml", CHART),
        ("chart/charts/sub/templates/c.yaml", ""),
    ]);
    let chart = error("chart/Chart.yaml", "hallpass check chart");
    for paths in [
        &["chart/templates"][..],
        &["chart/templates/a.yaml", "chart/templates/b.yaml", "chart/templates"],
        &["chart/charts/sub"],
        &["chart/charts/sub/templates/c.yaml"],
    ] {
        assert_eq!(tree.judge("", paths), (3, vec![], vec![chart.clone()]), "{paths:?}");
    }
}

#[test]
fn a_root_below_another_one_is_an_error_of_its_own() {
    let tree = Tree::new(&[
        ("all/kustomization.yaml", "resources: [one]\nnamespace: prod\n"),
        ("all/one/Kustomization", "namePrefix: one-\n"),
        ("all/two/kustomization.yaml", "resources: [x.yaml]\n"),
        ("all/two/x.yaml", ""),
    ]);
    let all = error("./all/kustomization.yaml", "hallpass check ./all");
    let one = error("./all/one/Kustomization", "hallpass check ./all/one");
    assert_eq!(tree.judge("", &["."]), (3, vec![], vec![all, one]));
    let all = error("all/kustomization.yaml", "hallpass check all");
    assert_eq!(tree.judge("", &["all/one"]), (3, vec![], vec![all.clone()]));
    assert_eq!(tree.judge("", &["all/two"]), (3, vec![], vec![all]));
}

#[test]
fn the_search_ends_at_the_root_of_the_repository_and_goes_on_where_there_is_none() {
    let files = [("kustomization.yaml", "namePrefix: a-\n"), ("repository/sub/pod.yaml", "")];
    let tree = Tree::without_git(&files);
    assert_eq!(tree.judge("", &["repository/sub/pod.yaml"]).0, 3);
    // In a worktree or submodule, `.git` is a file.
    tree.write("repository/.git", "gitdir: elsewhere\n");
    assert_eq!(tree.judge("", &["repository/sub/pod.yaml"]).0, 0);
    assert_eq!(tree.judge("", &["repository"]).0, 0);
    // The root itself counts.
    tree.write("repository/Chart.yaml", CHART);
    assert_eq!(tree.judge("", &["repository/sub/pod.yaml"]).0, 3);
}

#[test]
fn only_a_kustomization_of_resources_alone_is_judged_by_its_files() {
    for (kustomization, plain) in [
        ("resources: [pod.yaml]\n", true),
        (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: a}\nresources:\n- pod.yaml\n",
            true,
        ),
        ("resources: []\ngeneratorOptions: {disableNameSuffixHash: true}\n", true),
        ("bases: []\nsortOptions: {order: fifo}\n", true),
        ("resources:\n", true),
        ("resources: [pod.yaml]\npatches: [{path: p.yaml}]\n", false),
        ("resources: [pod.yaml]\npatchesStrategicMerge: [p.yaml]\n", false),
        ("resources: [pod.yaml]\npatchesJson6902: []\n", false),
        ("resources: [pod.yaml]\ncomponents: [../c]\n", false),
        ("resources: [pod.yaml]\nnamespace: kube-system\n", false),
        ("resources: [pod.yaml]\nnamePrefix: a-\n", false),
        ("resources: [pod.yaml]\nimages: [{name: b, newName: c}]\n", false),
        ("resources: [pod.yaml]\nlabels: [{pairs: {a: b}}]\n", false),
        ("resources: [pod.yaml]\ncommonAnnotations: {a: b}\n", false),
        ("resources: [pod.yaml]\nreplacements: [{path: r.yaml}]\n", false),
        ("resources: [pod.yaml]\nconfigMapGenerator: [{name: a}]\n", false),
        ("resources: [pod.yaml]\nhelmCharts: [{name: a}]\n", false),
        ("resources: [pod.yaml]\ntransformers: [t.yaml]\n", false),
        // kustomize reads it as `namePrefix`.
        ("resources: [pod.yaml]\nNamePrefix: a-\n", false),
        ("Resources: [pod.yaml]\n", false),
        ("resources: [pod.yaml]\nunheardOf: true\n", false),
        ("resources: pod.yaml\n", false),
        ("resources: [{a: b}]\n", false),
        ("kind: Component\nresources: [pod.yaml]\n", false),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nresources: [pod.yaml]\n", false),
        // An unreadable kustomization could contain anything.
        ("resources: [pod.yaml\n", false),
        ("resources: [pod.yaml]\n---\nnamePrefix: a-\n", false),
        ("- resources\n", false),
        ("# nothing\n", false),
    ] {
        let tree = Tree::new(&[("k/kustomization.yaml", kustomization), ("k/pod.yaml", "")]);
        let (exit, judged, errors) = tree.judge("", &["k/pod.yaml", "."]);
        let expected = if plain { (0, 1, 0) } else { (3, 0, 1) };
        assert_eq!((exit, judged.len(), errors.len()), expected, "{kustomization}: {errors:?}");
    }
}

#[test]
fn a_kustomization_that_cannot_be_read_is_an_error() {
    let tree = Tree::new(&[("k/pod.yaml", ""), ("elsewhere/secret.yaml", "resources: [\nsecret: text\n")]);
    fs::write(tree.0.path().join("k/kustomization.yaml"), [0xFF, 0xFE]).unwrap();
    assert_eq!(tree.judge("", &["k"]).0, 3);
    fs::remove_file(tree.0.path().join("k/kustomization.yaml")).unwrap();
    symlink("../elsewhere/secret.yaml", tree.0.path().join("k/kustomization.yaml")).unwrap();
    let (exit, report) = tree.check("", &["k/pod.yaml"]);
    assert_eq!(
        (exit, column(&report["errors"], "message")),
        (3, vec!["the kustomization is a link, which is not followed".to_owned()])
    );
}

#[test]
fn what_a_kustomization_lists_is_read_by_the_run_or_is_an_error() {
    let tree = Tree::new(&[
        ("prod/kustomization.yaml", LISTING),
        ("prod/pod.yaml", ""),
        ("prod/sub/kustomization.yaml", "resources: [x.yaml]\n"),
        ("prod/sub/x.yaml", ""),
        ("base/kustomization.yaml", "resources: [base.yaml]\n"),
        ("base/base.yaml", ""),
        ("odd/kustomization.yaml", "resources: [pod.txt]\n"),
        ("odd/pod.txt", ""),
        ("odd/a.yaml", ""),
        ("remote/kustomization.yaml", "resources: ['https://example.com/pod.yaml', missing.yaml]\n"),
        ("remote/a.yaml", ""),
    ]);
    let prod = error("prod/kustomization.yaml", "kubectl kustomize prod");
    assert_eq!(tree.judge("", &["prod"]), (3, vec!["pod".into(), "x".into()], vec![prod.clone()]));
    assert_eq!(tree.judge("", &["prod", "base"]).0, 0);
    assert_eq!(tree.judge("", &["base", "prod"]).0, 0);
    // As a shell expands `prod/*.yaml`.
    let named = ["prod/kustomization.yaml", "prod/pod.yaml", "prod/sub"];
    assert_eq!(tree.judge("", &named), (3, vec!["pod".into(), "x".into()], vec![prod]));
    // The user named one file, not everything that the kustomization contains.
    assert_eq!(tree.judge("", &["prod/pod.yaml"]).0, 0);
    assert_eq!(tree.judge("", &["prod/sub"]).0, 0);
    for folder in ["odd", "remote"] {
        let (exit, judged, errors) = tree.judge("", &[folder]);
        assert_eq!((exit, judged.len(), errors.len()), (3, 1, 1), "{folder}: {errors:?}");
    }
    assert_eq!(tree.judge("", &["odd", "odd/pod.txt"]).0, 0);
}

#[test]
fn every_rendered_tree_is_judged_by_its_files() {
    let trees = fs::read_dir(repository().join("renderer/tests/fleet/trees")).unwrap();
    let trees: Vec<_> = trees.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(trees.len() >= 5, "{trees:?}");
    for tree in trees {
        let mut command = hallpass();
        command.args(["check", "-o", "json", "--engine", "native", "--allow-empty"]).arg(&tree);
        let (exit, report) = check(&mut command);
        assert_eq!((exit, &report["errors"]), (0, &serde_json::json!([])), "{}", tree.display());
    }
}

#[test]
fn a_link_hides_no_root() {
    let tree = Tree::new(&[
        ("chart/Chart.yaml", CHART),
        ("chart/templates/pod.yaml", ""),
        ("elsewhere/pod.yaml", ""),
        ("overlay/kustomization.yaml", "namePrefix: a-\n"),
    ]);
    let at = |path: &str| tree.0.path().join(path);
    symlink("chart/templates/pod.yaml", at("pod.yaml")).unwrap();
    symlink("chart/templates", at("templates")).unwrap();
    symlink("../elsewhere/pod.yaml", at("overlay/pod.yaml")).unwrap();
    for path in ["pod.yaml", "templates", "templates/pod.yaml", "overlay/pod.yaml"] {
        let (exit, judged, errors) = tree.judge("", &[path]);
        assert_eq!((exit, judged.len(), errors.len()), (3, 0, 1), "{path}: {errors:?}");
    }
}

#[test]
fn commands_are_quoted_for_a_shell() {
    let tree = Tree::new(&[("my charts/it's/Chart.yaml", CHART)]);
    let (_, report) = tree.check("", &["my charts"]);
    let help = column(&report["errors"], "help").remove(0);
    assert!(help.contains(r"`hallpass check 'my charts/it'\''s'`"), "{help}");
}

#[test]
fn stdin_belongs_to_no_folder() {
    let tree = Tree::new(&[("kustomization.yaml", "namePrefix: a-\n"), ("pod.yaml", "")]);
    let mut command = hallpass();
    command.current_dir(tree.0.path()).args(["check", "-o", "json", "-"]);
    let (exit, report) = check(command.stdin(fs::File::open(tree.0.path().join("pod.yaml")).unwrap()));
    assert_eq!((exit, &report["summary"]["admitted"]), (0, &Value::from(1)));
}

#[test]
fn allowlists_of_a_kustomization_count_once_it_is_built() {
    let list = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: a}\nexemptions: []\n\
                matchingCriteria: {}\n";
    let tree = Tree::new(&[
        ("pod.yaml", ""),
        ("overlay/kustomization.yaml", "namePrefix: a-\n"),
        ("overlay/lists/a.yaml", list),
        ("plain/kustomization.yaml", "resources: [a.yaml]\n"),
        ("plain/a.yaml", list),
        // Partners store allowlists there, and no template generates them.
        ("chart/Chart.yaml", CHART),
        ("chart/allowlists/a.yaml", list),
    ]);
    for path in ["overlay", "overlay/lists", "overlay/lists/a.yaml"] {
        let (exit, report) = tree.check("", &["pod.yaml", "--allowlists", path]);
        assert_eq!(
            (exit, column(&report["errors"], "file")),
            (3, vec!["overlay/kustomization.yaml".to_owned()])
        );
        let help = column(&report["errors"], "help").remove(0);
        assert!(
            help.starts_with("pipe the output of `kubectl kustomize overlay` to `--allowlists -`"),
            "{help}"
        );
        assert_eq!(tree.judge("", &["pod.yaml", "--no-render", "--allowlists", path]).0, 0);
    }
    for path in ["plain", "chart/allowlists", "chart/allowlists/a.yaml"] {
        let (exit, report) = tree.check("", &["pod.yaml", "--allowlists", path]);
        assert_eq!((exit, &report["errors"]), (0, &serde_json::json!([])), "{path}");
    }
}
