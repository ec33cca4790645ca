//! A real API server, if there is one: it refuses what the decision crate denies, and nothing else.
//!
//! Each pair of workloads and allowlists has its own namespace, and a policy that is bound only there.

use std::fmt::Write as _;

use hallpass_apiserver::{Server, complete};
use hallpass_compile::{Action, Binding, Shard};
use hallpass_policy::{Profile, Verdict};
use hallpass_samples::nearly_exempted;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value as Json, json};

use crate::cases::{self, Case, OF_D4};
use crate::differences::{D4, with_argument};
use crate::support::Cluster;

/// How many policies are installed at a time.
const BATCH: usize = 100;

/// A workload that a namespace may get.
struct Workload {
    name: String,
    object: Json,
    native: Verdict,
}

/// A namespace with its policy.
struct Place {
    /// Its policy and its binding.
    policy: Vec<Json>,
    workloads: Vec<Workload>,
    case: String,
}

impl Place {
    /// `None` if the allowlists are invalid.
    fn new(number: usize, Case { name: case, cluster, documents }: &Case) -> Option<Self> {
        let namespace = namespace(number);
        let selector = format!("kubernetes.io/metadata.name={namespace}").parse().unwrap();
        let binding = Binding::new(vec![Action::Deny], Some(selector)).unwrap();
        let compiled = cluster.policies(&format!("hallpass-{number}"), Shard::None, &[binding])?;
        let policy =
            compiled.policies.into_iter().flat_map(|policy| [vec![policy.policy], policy.bindings].concat());
        let mut workloads = Vec::new();
        for document in documents {
            for judged in cluster.judge(document)? {
                let mut object =
                    complete(judged.kind, document.pointer(&judged.path).unwrap().clone(), &namespace);
                let name = format!("w-{number}-{}", workloads.len());
                object["metadata"]["name"] = name.as_str().into();
                // Some distributions add more to the token's volume than rule W5 knows.
                let template = judged.kind.template().iter().fold(&mut object, |part, key| &mut part[*key]);
                template["spec"]["automountServiceAccountToken"] = false.into();
                // Once more, in its namespace and with the fields that were missing.
                for judged in cluster.judge(&object)? {
                    if object["apiVersion"] == judged.kind.api_version() {
                        let native = judged.decision.verdict;
                        workloads.push(Workload { name: name.clone(), object: object.clone(), native });
                    }
                }
            }
        }
        Some(Place { policy: policy.collect(), workloads, case: case.clone() })
    }
}

fn namespace(number: usize) -> String {
    format!("case-{number}")
}

fn list(items: &[Json]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()
}

/// Creates namespaces, each with the service account that a Pod needs and that no controller creates here.
fn create_namespaces(server: &Server, numbers: impl Iterator<Item = usize> + Clone) {
    let object = |kind: &str, metadata: Json| json!({"apiVersion": "v1", "kind": kind, "metadata": metadata});
    let namespaces = numbers.clone().map(|number| object("Namespace", json!({"name": namespace(number)})));
    let accounts = numbers
        .map(|number| object("ServiceAccount", json!({"name": "default", "namespace": namespace(number)})));
    for objects in [namespaces.collect::<Vec<_>>(), accounts.collect()] {
        // Those of an earlier batch exist.
        let refusals = server.kubectl(&CREATE, &list(&objects)).err().unwrap_or_default();
        let unexpected: Vec<&str> =
            refusals.lines().filter(|line| !line.contains("already exists")).collect();
        assert!(unexpected.is_empty(), "{unexpected:#?}");
    }
}

/// Not every build of the server has the schemas that kubectl asks for.
const CREATE: [&str; 4] = ["create", "--validate=ignore", "-f", "-"];

const DRY_RUN: [&str; 5] = ["create", "--dry-run=server", "--validate=ignore", "-f", "-"];

/// Installs the policies, and a last one that shows when they count.
fn install(server: &Server, policies: &[Json], last: usize) {
    let cluster = Cluster { allowlists: Vec::new(), profile: Profile::autopilot(), target: None };
    let case = Case { name: "the last one".to_owned(), cluster, documents: Vec::new() };
    let place = Place::new(last, &case).unwrap();
    create_namespaces(server, std::iter::once(last));
    let policies = [policies, &place.policy].concat();
    server.kubectl(&CREATE, &list(&policies)).unwrap();
    let probe = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe", "namespace": namespace(last)},
        "spec": {"hostPID": true, "containers": [{"name": "probe", "image": "probe.invalid/x"}]},
    });
    server.until("the policies count", || server.kubectl(&DRY_RUN, &probe.to_string()).is_err());
}

/// Returns the number of workloads that reached their policy, and what was answered otherwise than it should be.
fn ask(server: &Server, places: &[Place], batch: usize) -> (usize, String) {
    create_namespaces(server, 0..places.len());
    let policies: Vec<Json> = places.iter().flat_map(|place| place.policy.iter().cloned()).collect();
    install(server, &policies, BATCH + batch);

    let workloads: Vec<(&str, &Workload)> = places
        .iter()
        .flat_map(|place| place.workloads.iter().map(|workload| (place.case.as_str(), workload)))
        .collect();
    let objects: Vec<Json> = workloads.iter().map(|(_, workload)| workload.object.clone()).collect();
    let answers = server.kubectl(&DRY_RUN, &list(&objects)).err().unwrap_or_default();
    let (mut reached, mut wrong) = (0, String::new());
    for (case, Workload { name, object, native }) in workloads {
        let quoted = format!("\"{name}\"");
        let answer = answers.lines().find(|line| line.contains(&quoted)).unwrap_or_default();
        let is_refused = answer.contains("is forbidden: ValidatingAdmissionPolicy");
        // The server itself refuses some workloads before a policy sees them.
        if !answer.is_empty() && !is_refused {
            continue;
        }
        reached += 1;
        let should_be = case == OF_D4 || *native == Verdict::Denied && case != DROPPED;
        if is_refused != should_be || answer.contains("exceed") {
            let _ = writeln!(wrong, "{case}: {native:?}, but {answer:?}: {object}");
        }
    }
    server.kubectl(&["delete", "--wait=false", "-f", "-"], &list(&policies)).unwrap();
    (reached, wrong)
}

/// The case in which the server drops what hallpass is careful about: a volume type that it does not know.
const DROPPED: &str = "C9: a type that Kubernetes may have got since";

/// Asks about pairs of documents and what is installed, and returns the number of workloads that reached their policy.
fn ask_all(pairs: impl Iterator<Item = Case>) -> Option<usize> {
    let server = Server::start()?;
    let mut number = 0;
    let mut places = pairs
        .filter_map(|pair| {
            let place = Place::new(number % BATCH, &pair)?;
            number += 1;
            Some(place)
        })
        .peekable();
    let (mut reached, mut wrong, mut batches) = (0, String::new(), 0);
    while places.peek().is_some() {
        let batch: Vec<Place> = places.by_ref().take(BATCH).collect();
        let (of_batch, wrong_in_batch) = ask(&server, &batch, batches);
        batches += 1;
        reached += of_batch;
        wrong.push_str(&wrong_in_batch);
    }
    assert!(wrong.is_empty(), "of {reached}:\n{wrong}");
    Some(reached)
}

#[test]
fn the_server_answers_as_the_cases_do() {
    if let Some(reached) = ask_all(cases::all().into_iter()) {
        assert!(reached > 400, "only {reached} workloads");
    }
}

#[test]
fn the_server_answers_as_the_decision_crate_on_random_pairs() {
    const PAIRS: usize = 1000;
    let config = Config { rng_seed: RngSeed::Fixed(0x7365_7276), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = nearly_exempted();
    let pairs = (0..PAIRS).map(|number| {
        let (allowlists, workload) = strategy.new_tree(&mut runner).unwrap().current();
        let cluster = Cluster { allowlists, profile: Profile::autopilot(), target: None };
        Case { name: format!("pair {number}"), cluster, documents: vec![workload] }
    });
    if let Some(reached) = ask_all(pairs) {
        assert!(reached > 800, "only {reached} pairs");
    }
}

/// The server has the letters of its own version of Unicode, here of version 16 and 17.
#[test]
fn d4_is_refused() {
    let new = [
        (r"^\p{L}$", "\u{a7da}", false),
        (r"^\pL$", "\u{a7ce}", false),
        (r"^\PL$", "\u{a7ce}", false),
        (r"^\PL$", "\u{a7da}", false),
        (r"^(?i)\x{19b}$", "\u{a7dc}", false),
    ];
    let pairs = D4.iter().copied().chain(new).enumerate().map(|(number, (pattern, argument, agrees))| {
        let (allowlist, pod) = with_argument(pattern, argument);
        let cluster = Cluster { allowlists: vec![allowlist], profile: Profile::autopilot(), target: None };
        let name = if agrees { format!("pattern {number}") } else { OF_D4.to_owned() };
        Case { name, cluster, documents: vec![pod] }
    });
    if let Some(reached) = ask_all(pairs) {
        assert_eq!(reached, D4.len() + new.len());
    }
}

/// The last of the differences that only a server can show.
#[test]
fn d2_is_refused() {
    let Some(server) = Server::start() else { return };
    let patterns: Vec<String> = (0..100).map(|number| format!("^--option-{number:03}=[a-z]+$")).collect();
    let allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "a"},
        "exemptions": ["autogke-disallow-hostnamespaces"],
        "matchingCriteria": {"hostPID": true, "containers": [{"name": "c", "image": "x", "args": patterns}]},
    });
    let pod = |args: usize| {
        let args = vec!["--option-099=abcdefghijklmnopqrstuvwxyz"; args];
        json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"hostPID": true, "containers": [{"name": "c", "image": "x", "args": args}]},
        })
    };
    let cluster = Cluster { allowlists: vec![allowlist], profile: Profile::autopilot(), target: None };
    let case = Case { name: "large".to_owned(), cluster, documents: vec![pod(10), pod(3_000)] };
    let place = Place::new(0, &case).unwrap();
    create_namespaces(&server, std::iter::once(0));
    install(&server, &place.policy, BATCH);
    let [small, large] = place.workloads.as_slice() else { panic!("two Pods") };
    let ask = |workload: &Workload| server.kubectl(&DRY_RUN, &workload.object.to_string());
    assert_eq!((small.native, large.native), (Verdict::Exempted, Verdict::Exempted));
    ask(small).unwrap();
    let refusal = ask(large).unwrap_err();
    assert!(refusal.contains("cost"), "{refusal}");
}
