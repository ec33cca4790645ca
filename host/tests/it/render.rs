//! `render` with links and repositories, which a snapshot cannot contain.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{hallpass, report_as};

const FLEET: &str = "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata: {name: acme}
spec:
  clusters:
  - {name: prod, gkeVersion: 1.35.6-gke.1049000, path: clusters/prod}
  synchronizers:
  - {name: own, clusters: {}, allowlistPaths: [Partner/agent/*], allowlistFiles: [agent.yaml]}
  delivery:
  - {clusters: {}, plain: {}}
";

const LEADS_OUT: &str = "\
error: allowlist file `agent.yaml` is a link that leads out of the fleet's folder
 --> fleet.yaml:8:83
  |
8 |   - {name: own, clusters: {}, allowlistPaths: [Partner/agent/*], allowlistFiles: [agent.yaml]}
  |                                                                                   ^^^^^^^^^^
  |
  = help: write the path relative to the fleet file, or remove it from `allowlistFiles`
";

#[test]
fn an_allowlist_file_is_not_read_through_a_link_that_leads_out() {
    let above = TempDir::new().unwrap();
    let fleet = above.path().join("fleet");
    fs::create_dir(&fleet).unwrap();
    fs::write(fleet.join("fleet.yaml"), FLEET).unwrap();
    fs::write(above.path().join("secret.yaml"), "kind: Secret\n").unwrap();
    symlink("../secret.yaml", fleet.join("agent.yaml")).unwrap();
    let mut command = hallpass();
    command.current_dir(&fleet).args(["render", "--fleet", "fleet.yaml", "--out", "tree"]);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), LEADS_OUT);
    assert_eq!(output.status.code(), Some(3));
    assert!(!fleet.join("tree").exists(), "a refused run writes nothing");

    // A link that stays inside is treated like the file.
    fs::remove_file(fleet.join("agent.yaml")).unwrap();
    fs::write(fleet.join("real.yaml"), "kind: WorkloadAllowlist\n").unwrap();
    symlink("real.yaml", fleet.join("agent.yaml")).unwrap();
    assert_eq!(command.output().unwrap().status.code(), Some(0));
}

const COMPILED: &str = "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata: {name: acme}
spec:
  clusters: [{name: edge, admission: cel}]
  cel: [{clusters: {}, allowlists: [lists]}]
  delivery: [{clusters: {}, plain: {}}]
";

const COMPILED_LEADS_OUT: &str = "\
error: allowlist path `lists` is a link that leads out of the fleet's folder
 --> fleet.yaml:6:37
  |
6 |   cel: [{clusters: {}, allowlists: [lists]}]
  |                                     ^^^^^
  |
  = help: write the path relative to the fleet file, or remove it from `allowlists`
";

#[test]
fn a_compiled_allowlist_is_not_read_through_a_link_that_leads_out() {
    let above = TempDir::new().unwrap();
    let fleet = above.path().join("fleet");
    fs::create_dir(&fleet).unwrap();
    fs::create_dir(above.path().join("secrets")).unwrap();
    fs::write(fleet.join("fleet.yaml"), COMPILED).unwrap();
    symlink("../secrets", fleet.join("lists")).unwrap();
    let mut command = hallpass();
    command.current_dir(&fleet).args(["render", "--fleet", "fleet.yaml", "--out", "tree"]);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), COMPILED_LEADS_OUT);
    assert_eq!(output.status.code(), Some(3));
    assert!(!fleet.join("tree").exists(), "a refused run writes nothing");
}

const DELIVERED: &str = "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata: {name: acme}
spec:
  clusters:
  - {name: eu, labels: {tool: flux}, gkeVersion: 1.35.6-gke.1049000}
  - {name: us, labels: {tool: argo}, gkeVersion: 1.35.6-gke.1049000}
  synchronizers:
  - {name: own, clusters: {}, allowlistPaths: [Partner/agent/*]}
  delivery:
  - clusters: {matchLabels: {tool: flux}}
    flux: {sourceRef: {kind: GitRepository, name: fleet}FLUX}
  - clusters: {matchLabels: {tool: argo}}
    argo: {repoURL: https://git.example/fleet.git, targetRevision: mainARGO}
";

const NO_TREE_PATH: &str = "\
error: no `treePath` for cluster `eu`, but the tree is not at the root of its Git repository
  --> fleet.yaml:12:11
   |
12 |     flux: {sourceRef: {kind: GitRepository, name: fleet}}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: write `treePath: gitops/tree`, or `treePath: .` if the tree is copied to the root of another one

error: no `treePath` for cluster `us`, but the tree is not at the root of its Git repository
  --> fleet.yaml:14:11
   |
14 |     argo: {repoURL: https://git.example/fleet.git, targetRevision: main}
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: write `treePath: gitops/tree`, or `treePath: .` if the tree is copied to the root of another one
";

const OTHER_TREE_PATH: &str = "\
warning: `treePath: tree` of the delivery to cluster `eu` is not the path of the tree in its Git repository
  --> fleet.yaml:12:69
   |
12 |     flux: {sourceRef: {kind: GitRepository, name: fleet}, treePath: tree}
   |                                                                     ^^^^
   |
   = help: write `treePath: gitops/tree`, unless the tree is copied elsewhere
";

#[test]
fn the_path_of_the_tree_is_compared_with_its_repository() {
    let folder = TempDir::new().unwrap();
    let repository = folder.path();
    fs::create_dir(repository.join(".git")).unwrap();
    let render = |flux: &str, argo: &str, out: &str| {
        let fleet = DELIVERED.replace("FLUX", flux).replace("ARGO", argo);
        fs::write(repository.join("fleet.yaml"), fleet).unwrap();
        let mut command = hallpass();
        command.current_dir(repository).args(["render", "--fleet", "fleet.yaml", "--out", out]);
        let output = command.output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    };
    assert_eq!(render("", "", "gitops/tree"), (NO_TREE_PATH.to_owned(), Some(3)));
    assert!(!repository.join("gitops").exists(), "a refused run writes nothing");
    let right = ", treePath: gitops/tree";
    let (shown, code) = render(", treePath: tree", right, "gitops/tree");
    assert!(shown.contains(OTHER_TREE_PATH), "{shown}");
    assert_eq!(code, Some(0));
    for (path, out) in [(right, "gitops/tree"), ("", "."), (", treePath: .", ".")] {
        let (shown, code) = render(path, path, out);
        assert!(!shown.contains("treePath"), "{shown}");
        assert_eq!(code, Some(0), "{shown}");
    }
}

#[test]
fn a_change_of_the_fleet_is_reported_as_its_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/diff.in");
    let changes = |old: &str, new: &str| {
        let mut command = hallpass();
        command.current_dir(&folder).args(["render", "-o", "json", "--diff", "-", "--fleet", new]);
        // As `git show main:fleet.yaml` would be piped in.
        command.stdin(fs::File::open(folder.join(old)).unwrap());
        let (exit, report) = report_as("render-diff", &command.output().unwrap());
        (report["groups"].as_array().unwrap().len(), report["errors"].clone(), exit)
    };
    assert_eq!(changes("old.yaml", "new.yaml"), (4, json!([]), 0));
    assert_eq!(changes("new.yaml", "new.yaml"), (0, json!([]), 0));
    let (groups, errors, code) = changes("broken.yaml", "new.yaml");
    assert_eq!((groups, &errors[0]["file"], code), (0, &json!("-"), 3));
}
