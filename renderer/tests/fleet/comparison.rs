//! What a change of a fleet means: `comparison.yaml` changes `faults/base.yaml`.

use hallpass_renderer::Fleet;
use hallpass_renderer::comparison::{Change, Comparison, Group, Presence, compare};
use serde_json::Value as Json;

use crate::faults::{Case, base, change};

fn fleet(json: &Json) -> Fleet {
    let bytes = serde_json::to_vec(json).unwrap();
    let document = hallpass_reader::read(&bytes).next().unwrap().unwrap();
    Fleet::read(document.root()).unwrap().fleet
}

/// One line per change, sorted.
fn lines(comparison: &Comparison) -> Vec<String> {
    let line = |group: &Group, change: &Change| {
        let presence = match group.presence {
            Presence::Both => String::new(),
            presence => format!(" ({presence:?})"),
        };
        let subject = serde_json::to_value(change.subject).unwrap();
        let [name, field, old, new] = [&change.name, &change.field, &change.old, &change.new]
            .map(|text| text.as_deref().unwrap_or("-"));
        let clusters = group.clusters.join(", ");
        format!("{clusters}{presence}: {} {name} {field}: {old} => {new}", subject.as_str().unwrap())
    };
    let groups = comparison.groups.iter();
    let mut lines: Vec<_> =
        groups.flat_map(|group| group.changes.iter().map(|change| line(group, change))).collect();
    lines.sort();
    lines
}

fn inverted(mut comparison: Comparison) -> Comparison {
    for group in &mut comparison.groups {
        group.presence = match group.presence {
            Presence::Added => Presence::Removed,
            Presence::Removed => Presence::Added,
            Presence::Both => Presence::Both,
        };
        for change in &mut group.changes {
            std::mem::swap(&mut change.old, &mut change.new);
        }
        group.changes.sort();
    }
    comparison
}

#[test]
fn every_change_says_what_it_means() {
    let cases: Vec<Case> = serde_yaml::from_str(include_str!("comparison.yaml")).unwrap();
    let old = fleet(&base());
    let mut wrong = Vec::new();
    for case in &cases {
        let mut new = base();
        change(&mut new, case);
        let new = fleet(&new);
        let mut comparison = compare(&old, &new);
        let found = lines(&comparison);
        if found != case.expect {
            wrong.push(format!("{}:\n{}", case.case, serde_yaml::to_string(&found).unwrap()));
        }
        comparison.groups.iter_mut().for_each(|group| group.changes.sort());
        assert_eq!(inverted(compare(&new, &old)), comparison, "{}", case.case);
        assert_eq!(compare(&new, &new).groups, [], "{}", case.case);
    }
    assert!(cases.len() > 10 && wrong.is_empty(), "{}", wrong.join("\n"));
}
