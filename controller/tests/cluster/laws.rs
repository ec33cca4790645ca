//! Whatever happens to files, objects, requests and controllers: what must be in force is soon in force, and what must not
//! be is soon gone, counted from the last failure. tests/plan.rs tests the plan alone, much more often.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use hallpass_controller::claim::covers;
use hallpass_controller::enforce::{Kind, NAME};
use hallpass_controller::object::{OWNER, allowlists, synchronizers};
use kube::ResourceExt as _;
use kube::api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, sleep};

use crate::support::network::{Call, Fault};
use crate::support::world::{OFTEN, Running, World, allowlist};

/// The files that there may be, each with the name of its allowlist. Two have the same.
const FILES: [(&str, &str); 6] = [
    ("a/1.yaml", "one"),
    ("a/2.yaml", "two"),
    ("a/b/3.yaml", "three"),
    ("c/4.yaml", "four"),
    ("c/5.yaml", "five"),
    ("c/6.yaml", "one"),
];
const PATHS: [&str; 7] = ["a/*", "c/*", "a/b/*", "a/1.yaml", "a/2.yaml", "c/4.yaml", "missing.yaml"];
const SYNCHRONIZERS: [&str; 3] = ["p", "q", "r"];

/// How long something may be wrong: a round, and what is read and written in it.
const CALM: Duration = Duration::from_secs(8);
/// After a failure, the pauses before the next try come on top.
const TROUBLED: Duration = Duration::from_secs(75);

/// How long changes are collected, and the API servers need to read three stages of writes.
const ENFORCED: Duration = Duration::from_secs(8);

#[derive(Clone, Debug)]
enum Event {
    /// Publishes a version of a file; the version 0 is invalid.
    Publish(usize, u8),
    Remove(usize),
    Apply(usize, BTreeSet<usize>),
    Delete(usize),
    /// Somebody changes the contents of an allowlist, takes its label away, or deletes it.
    Edit(usize),
    Unlabel(usize),
    Lose(usize),
    /// Somebody weakens the last policy, or takes a binding away.
    Weaken,
    Unbind,
    /// The next writes fail.
    Fail(Fault),
    /// The watches are cut, and perhaps what happened meanwhile is forgotten.
    Cut(bool),
    /// The API server is away, until the next `Heal`.
    Down,
    /// The folder is away, until the next `Heal`.
    Away,
    Heal,
    Restart,
    /// Seconds.
    Wait(u8),
}

/// Something that must be so, and is not.
type Wrong = String;

struct Story<'w> {
    world: &'w World,
    /// How allowlists are enforced, if they are.
    shard: Option<&'static str>,
    running: Option<Running>,
    files: BTreeMap<&'static str, u8>,
    is_failing: bool,
    is_away: bool,
    patience: Duration,
    /// Since when.
    wrong: BTreeMap<Wrong, Instant>,
}

impl Story<'_> {
    fn start(&mut self) {
        let repository = format!("{}/r", self.world.url());
        let mut arguments = vec!["--repository", &repository];
        if let Some(shard) = self.shard {
            arguments.extend(["--enforce", "cel", "--enforce-shard", shard]);
        }
        self.running = Some(self.world.start_with(OFTEN, &arguments));
    }

    async fn happens(&mut self, event: &Event) {
        let world = self.world;
        match event {
            Event::Publish(file, version) if !self.is_away => {
                let (path, name) = FILES[*file];
                let text = match version {
                    0 => "kind: WorkloadAllowlist".to_owned(),
                    version => allowlist(name, &format!("image:{version}")),
                };
                world.publish(&format!("r/{path}"), &text);
                self.files.insert(path, *version);
            }
            Event::Remove(file) if !self.is_away => {
                let (path, _) = FILES[*file];
                if self.files.remove(path).is_some() {
                    world.unpublish(&format!("r/{path}"));
                }
            }
            Event::Publish(..) | Event::Remove(_) => {}
            Event::Apply(name, paths) => {
                let paths: Vec<&str> = paths.iter().map(|path| PATHS[*path]).collect();
                world.apply(SYNCHRONIZERS[*name], &paths).await;
            }
            Event::Delete(name) => {
                let api = world.api(&synchronizers());
                let _ = api.delete(SYNCHRONIZERS[*name], &DeleteParams::default()).await;
            }
            Event::Edit(file) => self.patch(*file, json!({"matchingCriteria": {"hostPID": true}})).await,
            Event::Unlabel(file) => self.patch(*file, json!({"metadata": {"labels": {OWNER: null}}})).await,
            Event::Lose(file) => {
                let _ = world.api(&allowlists()).delete(FILES[*file].1, &DeleteParams::default()).await;
            }
            Event::Weaken => {
                let patch = Patch::Merge(json!({"spec": {"failurePolicy": "Ignore", "validations": []}}));
                let api = world.api(&Kind::Policy.resource());
                let _ = api.patch(NAME, &PatchParams::default(), &patch).await;
            }
            Event::Unbind => {
                let api = world.api(&Kind::Binding.resource());
                let _ = api.delete(NAME, &DeleteParams::default()).await;
            }
            Event::Fail(fault) => {
                self.trouble();
                world.network.fail(3, *fault, |call: &Call| call.verb != "watch" && call.verb != "list");
            }
            Event::Cut(forgets) => {
                self.trouble();
                world.network.cut_watches();
                if *forgets {
                    world.memory.iter().for_each(|server| server.compact());
                }
            }
            Event::Down => {
                self.trouble();
                self.is_failing = true;
                world.network.set_down(true);
            }
            Event::Away => {
                if !self.is_away {
                    self.trouble();
                    world.rename("r", "away");
                    (self.is_failing, self.is_away) = (true, true);
                }
            }
            Event::Heal => self.heal(),
            Event::Restart => {
                if let Some(running) = self.running.take() {
                    running.kill().await;
                }
                self.start();
            }
            Event::Wait(seconds) => self.watch(Duration::from_secs((*seconds).into())).await,
        }
    }

    /// From now on, and anew from each failure, things may take longer.
    fn trouble(&mut self) {
        self.patience = self.with_enforcement(TROUBLED);
        self.wrong.clear();
    }

    /// Enforcement follows the installation, and may meet the same trouble.
    fn with_enforcement(&self, patience: Duration) -> Duration {
        if self.shard.is_some() { patience + patience + ENFORCED } else { patience }
    }

    fn heal(&mut self) {
        self.trouble();
        self.world.network.heal();
        if self.is_away {
            self.world.rename("away", "r");
        }
        (self.is_failing, self.is_away) = (false, false);
    }

    async fn patch(&self, file: usize, patch: serde_json::Value) {
        let api = self.world.api(&allowlists());
        let _ = api.patch(FILES[file].1, &PatchParams::default(), &Patch::Merge(patch)).await;
    }

    /// Looks for a time whether something is wrong for too long.
    async fn watch(&mut self, time: Duration) {
        // Policies are large.
        let pause = Duration::from_millis(if self.shard.is_some() { 1000 } else { 250 });
        let end = Instant::now() + time;
        while Instant::now() < end {
            sleep(pause).await;
            let now = Instant::now();
            if self.is_failing {
                self.wrong.clear();
                continue;
            }
            let found = self.look().await;
            self.wrong.retain(|wrong, _| found.contains(wrong));
            for wrong in found {
                let since = *self.wrong.entry(wrong.clone()).or_insert(now);
                assert!(now - since <= self.patience, "for {:?}: {wrong}", now - since);
            }
        }
    }

    /// Returns what is wrong now.
    async fn look(&self) -> BTreeSet<Wrong> {
        let specs = self.specs().await;
        let listed = self.world.api(&allowlists()).list(&ListParams::default()).await.unwrap().items;
        let names_it = |file: &str| specs.values().flatten().any(|path| covers(path, file));
        let mut wrong = BTreeSet::new();
        for (path, name) in FILES {
            let Some(version) = self.files.get(path).filter(|version| **version > 0) else { continue };
            // Which file has a name that two want depends on what was before.
            let is_contested =
                name == "one" && self.files.contains_key(FILES[0].0) && self.files.contains_key(FILES[5].0);
            let is_held =
                name == "one" && listed.iter().any(|one| one.name_any() == name && file_of(one) != path);
            let is_in_force = || {
                listed.iter().any(|one| one.name_any() == name && image_of(one) == format!("image:{version}"))
            };
            if names_it(path) && !is_contested && !is_held && !is_in_force() {
                wrong.insert(format!("`{path}` is not in force"));
            }
        }
        for one in &listed {
            let (name, file) = (one.name_any(), file_of(one));
            if !names_it(&file) {
                wrong.insert(format!("`{name}` is in force, and nobody names `{file}`"));
            } else if !self.files.contains_key(&*file) && self.is_known_to_be_gone(&specs, &file) {
                wrong.insert(format!("`{name}` is in force, and `{file}` is gone"));
            }
            // Without a valid file, the controller does not know what it was.
            if self.files.get(&*file).is_none_or(|version| *version == 0) {
                continue;
            }
            if one.data["matchingCriteria"].get("hostPID").is_some() {
                wrong.insert(format!("somebody has changed `{name}`"));
            }
            if !one.labels().contains_key(OWNER) {
                wrong.insert(format!("`{name}` has no label"));
            }
        }
        if self.shard.is_some() {
            wrong.extend(self.not_enforced(&listed).await);
        }
        wrong
    }

    /// Returns what is wrong with the policies of these allowlists.
    async fn not_enforced(&self, allowlists: &[DynamicObject]) -> BTreeSet<Wrong> {
        let found = async |kind: Kind| {
            let listed = self.world.api(&kind.resource()).list(&ListParams::default()).await.unwrap().items;
            listed.into_iter().map(|one| (one.name_any(), one.data)).collect::<BTreeMap<_, _>>()
        };
        let (policies, bindings) = (found(Kind::Policy).await, found(Kind::Binding).await);
        let mut wrong = BTreeSet::new();
        let is_by_label = self.shard == Some("label");
        let mut needed: BTreeSet<String> = [NAME.to_owned()].into();
        for one in allowlists {
            let (name, image) = (one.name_any(), image_of(one));
            let policy = if is_by_label { format!("{NAME}-{name}") } else { NAME.to_owned() };
            let expression = policies.get(&policy).and_then(|policy| criteria(policy, &name));
            if !expression.is_some_and(|expression| expression.contains(&format!("c.image == '{image}'"))) {
                wrong.insert(format!("no policy has `{name}` with `{image}`"));
            }
            needed.insert(policy);
        }
        let is_strict = |policy: &Json| {
            policy["spec"]["failurePolicy"] == "Fail" && policy["spec"]["validations"] != json!([])
        };
        if !policies.get(NAME).is_some_and(is_strict) {
            wrong.insert("the last policy is weak".to_owned());
        }
        for (_, name) in FILES {
            let is_installed = allowlists.iter().any(|one| one.name_any() == name);
            if !is_installed && policies.values().any(|policy| criteria(policy, name).is_some()) {
                wrong.insert(format!("a policy has `{name}`, which is gone"));
            }
        }
        for (kind, found) in [("policies", policies), ("bindings", bindings)] {
            if !found.keys().eq(&needed) {
                wrong.insert(format!("the {kind} are others than {needed:?}"));
            }
        }
        wrong
    }

    /// Whether nobody names a file but by a folder that has others.
    fn is_known_to_be_gone(&self, specs: &BTreeMap<String, Vec<String>>, file: &str) -> bool {
        specs
            .values()
            .flatten()
            .filter(|path| covers(path, file))
            .all(|path| path != file && self.files.keys().any(|other| covers(path, other)))
    }

    async fn specs(&self) -> BTreeMap<String, Vec<String>> {
        let listed = self.world.api(&synchronizers()).list(&ListParams::default()).await.unwrap();
        let paths = |object: &DynamicObject| {
            let paths = object.data["spec"]["allowlistPaths"].as_array().cloned().unwrap_or_default();
            paths.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect()
        };
        listed.iter().map(|object| (object.name_any(), paths(object))).collect()
    }
}

/// The expression of a policy that says which containers the allowlist admits.
fn criteria<'p>(policy: &'p Json, allowlist: &str) -> Option<&'p str> {
    let name = format!("allow_{allowlist}_agent");
    let variables = policy["spec"]["variables"].as_array()?;
    variables.iter().find(|variable| variable["name"] == name)?["expression"].as_str()
}

fn file_of(allowlist: &DynamicObject) -> String {
    allowlist.annotations().get("hallpass.dev/file").cloned().unwrap_or_default()
}

fn image_of(allowlist: &DynamicObject) -> String {
    allowlist.data["matchingCriteria"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned()
}

async fn tell(events: &[Event], shard: Option<&'static str>) {
    let world = World::in_memory();
    world.publish("r/readme.md", "");
    let mut story = Story {
        world: &world,
        shard,
        running: None,
        files: BTreeMap::new(),
        is_failing: false,
        is_away: false,
        patience: CALM,
        wrong: BTreeMap::new(),
    };
    story.patience = story.with_enforcement(CALM);
    story.start();
    for event in events {
        story.happens(event).await;
    }
    if story.patience > story.with_enforcement(CALM) {
        story.heal();
    }
    let patience = story.patience;
    story.watch(patience + OFTEN).await;
    // It has come to rest: further rounds write nothing.
    let versions = async || {
        let kinds = [allowlists(), Kind::Policy.resource(), Kind::Binding.resource()];
        let mut versions = Vec::new();
        for kind in &kinds {
            versions.push(world.versions(kind).await);
        }
        versions
    };
    let before = versions().await;
    story.watch(OFTEN * 2).await;
    assert_eq!(versions().await, before);
    assert!(story.wrong.is_empty(), "{:?}", story.wrong);
}

fn event() -> impl Strategy<Value = Event> {
    let file = 0..FILES.len();
    let paths = prop::collection::btree_set(0..PATHS.len(), 0..3);
    let fault = prop_oneof![
        Just(Fault::Refused(500)),
        Just(Fault::Refused(409)),
        Just(Fault::Hangs),
        Just(Fault::Cut),
        Just(Fault::Lost)
    ];
    prop_oneof![
        6 => (file.clone(), 0..4_u8).prop_map(|(file, version)| Event::Publish(file, version)),
        2 => file.clone().prop_map(Event::Remove),
        5 => (0..SYNCHRONIZERS.len(), paths).prop_map(|(name, paths)| Event::Apply(name, paths)),
        1 => (0..SYNCHRONIZERS.len()).prop_map(Event::Delete),
        1 => file.clone().prop_map(Event::Edit),
        1 => file.clone().prop_map(Event::Unlabel),
        1 => file.prop_map(Event::Lose),
        1 => Just(Event::Weaken),
        1 => Just(Event::Unbind),
        1 => fault.prop_map(Event::Fail),
        1 => any::<bool>().prop_map(Event::Cut),
        1 => Just(Event::Down),
        1 => Just(Event::Away),
        2 => Just(Event::Heal),
        1 => Just(Event::Restart),
        6 => (1..12_u8).prop_map(Event::Wait),
    ]
}

proptest! {
    #![proptest_config(Config { cases: cases(), max_shrink_iters: 200, ..Config::default() })]

    #[test]
    fn what_must_be_so_is_soon_so(
        events in prop::collection::vec(event(), 0..25),
        shard in prop_oneof![Just(None), Just(Some("none")), Just(Some("label"))],
    ) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(tell(&events, shard));
    }
}

/// `PROPTEST_CASES` in the environment asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    asked.unwrap_or(32)
}
