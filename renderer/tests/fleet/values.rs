//! Numbers in a chart's values: the reader does not keep the digits of fractional numbers, but Helm needs them.

use hallpass_renderer::render;

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
    ] {
        for values in
            [format!("{{größe: ü, rate: {written}, on: 1.5}}"), format!("\r\n        rate: {written}\r\n")]
        {
            let fleet = read(&with(&values)).unwrap_or_else(|faults| panic!("{written}: {faults:#?}")).fleet;
            let files = render(&fleet);
            let found = files.iter().any(|file| file.contents.contains(&format!("    rate: {rendered}\n")));
            assert!(found, "{written}: {files:#?}");
        }
    }
}

#[test]
fn a_number_without_digits_of_its_own_is_refused() {
    for values in ["{a: &rate 0.5, b: *rate}", "{b: !!float \"0.5\"}", "{b: 0xFFFFFFFFFFFFFFFF}"] {
        let faults: Vec<_> = read(&with(values)).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = "/spec/workloads/0/chart/values/b: this number is fractional, and its digits are not written \
            here (write it as a decimal number, without an alias or a tag)";
        assert_eq!(faults, [expected], "{values}");
    }
}
