//! The cases in which a policy and [`hallpass_policy::decide`] differ.

/// A case in which the API server refuses what hallpass admits or exempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The id, for the documentation and the tests.
    pub id: &'static str,
    /// The refused case, in one sentence.
    pub text: &'static str,
}

/// Every difference, by id.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        id: "D1",
        text: "The annotation autopilot.gke.io/host-port-assignment counts only if its JSON has no escapes and no repeated keys.",
    },
    Difference {
        id: "D2",
        text: "A workload so large that its evaluation exceeds the API server's cost limits is refused.",
    },
    Difference {
        id: "D3",
        text: "With one policy per allowlist, a workload that violates constraints must have the label cloud.google.com/matching-allowlist.",
    },
    Difference {
        id: "D4",
        text: r"A pattern with a Unicode class such as `\p{L}`, or with `(?i)` and characters outside ASCII or written as codes, matches only ASCII texts.",
    },
];
