//! The NetworkPolicy: health checks and metrics in; DNS, the API server and the sources of allowlists out.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Controller, PORT, selector};
use crate::object::Object;

/// API servers and sources without a port in their URL.
const HTTPS: [u16; 2] = [443, 6443];

/// The metadata servers of clouds, which issue the tokens of workload identities. GKE's has two ports.
const METADATA: &str = "169.254.0.0/16";
const METADATA_PORTS: [u16; 2] = [80, 988];

/// A policy cannot name the API server or a host on the Internet, so it restricts their ports only.
pub(super) fn policy(controller: &Controller) -> Object {
    let mut ports: BTreeSet<u16> = HTTPS.into();
    ports.extend(controller.sources().filter_map(port));
    let mut egress = vec![
        json!({ "ports": [{ "port": 53, "protocol": "UDP" }, { "port": 53, "protocol": "TCP" }] }),
        json!({ "ports": tcp(ports) }),
    ];
    if controller.sources().any(|url| url.starts_with("gs://") || url.starts_with("s3://")) {
        egress.push(json!({ "to": [{ "ipBlock": { "cidr": METADATA } }], "ports": tcp(METADATA_PORTS) }));
    }
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": controller.metadata(),
        "spec": {
            "podSelector": selector(),
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{ "ports": tcp([PORT]) }],
            "egress": egress,
        },
    })
}

fn tcp(ports: impl IntoIterator<Item = u16>) -> Value {
    ports.into_iter().map(|port| json!({ "port": port, "protocol": "TCP" })).collect()
}

/// The port that a URL names.
fn port(url: &str) -> Option<u16> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn only_a_port_that_a_url_names_counts() {
        let cases = [
            ("https://lists.example", None),
            ("https://lists.example/a:1", None),
            ("https://lists.example:8443/dir", Some(8443)),
            ("https://[2001:db8::1]", None),
            ("https://[2001:db8::1]:9000/", Some(9000)),
            ("gs://bucket", None),
        ];
        for (url, expected) in cases {
            assert_eq!(port(url), expected, "{url}");
        }
    }
}
