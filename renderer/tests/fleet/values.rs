//! Numbers in a chart's values.

use hallpass_renderer::{WorkloadPolicies, render};

use crate::support::read;

const FLEET: &str = "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata: {name: acme}
spec:
  clusters:
  - {name: prod, gkeVersion: 1.35.6-gke.1049000, path: clusters/prod}
  synchronizers:
  - {name: datadog, clusters: {}, allowlistPaths: [Datadog/agent.yaml]}
  workloads:
  - name: agent
    clusters: {}
    waitsFor: [datadog]
    chart:
      repoURL: https://charts.example
      name: agent
      version: 1.0.0
      namespace: agent
      values: VALUES
  delivery:
  - {clusters: {}, flux: {sourceRef: {kind: GitRepository, name: fleet}}}
";

fn with(values: &str) -> String {
    FLEET.replace("VALUES", values)
}

#[test]
fn digits_reach_the_chart() {
    for (written, rendered) in [
        ("0.1", "0.1"),
        ("-2.50", "-2.5"),
        ("+.5", "0.5"),
        (".1_5", "0.15"),
        ("1e-3", "0.001"),
        ("18446744073709551615", "18446744073709551615"),
        ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
        ("!!float \"0.5\"", "0.5"),
        ("&rate 0.5", "0.5"),
    ] {
        for values in
            [format!("{{größe: ü, rate: {written}, on: 1.5}}"), format!("\r\n        rate: {written}\r\n")]
        {
            let fleet = read(&with(&values)).unwrap_or_else(|faults| panic!("{written}: {faults:#?}")).fleet;
            let files = render(&fleet, &WorkloadPolicies::new(&fleet));
            let found = files.iter().any(|file| file.contents.contains(&format!("    rate: {rendered}\n")));
            assert!(found, "{written}: {files:#?}");
        }
    }
}
