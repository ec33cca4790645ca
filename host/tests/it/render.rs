//! `render` with links, which a snapshot cannot contain.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use crate::support::hallpass;

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
