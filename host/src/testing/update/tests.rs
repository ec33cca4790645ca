use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::update;
use crate::cli::EngineName;
use crate::testing::report::Status;
use crate::testing::{How, TestFile, TestReport, evaluate, plan};

const ALLOWLIST: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: agent-v1}\nexemptions: \
                         [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  containers: [{name: \
                         agent, image: example.com/agent}]\n";

/// Runs the file as `hallpass test --update` does. Returns the status of each test, and the errors.
fn run(path: &Path) -> (Vec<Status>, Vec<String>) {
    let updates = tested(path, |files, report| update(files, &report));
    tested(path, |_, mut report| {
        report.mark(updates);
        let errors = report.errors.iter().map(|error| format!("{}: {:?}", error.message, error.help));
        (report.results.iter().map(|result| result.status).collect(), errors.collect())
    })
}

fn tested<T>(path: &Path, then: impl FnOnce(&[TestFile<'_>], TestReport<'_>) -> T) -> T {
    let bytes = fs::read(path).unwrap();
    let name = path.display().to_string();
    let file = match TestFile::read(&name, &bytes, true) {
        Ok(file) => file,
        Err(problems) => panic!("{problems:#?}\n{}", String::from_utf8_lossy(&bytes)),
    };
    let files = [file];
    let plan = plan(&files);
    let evaluated = evaluate(&plan, &files, How { engine: EngineName::Native, snippets: false });
    then(&files, TestReport::new(&files, &plan, &evaluated))
}

/// Damages a file: each edit removes a character, repeats a line, or inserts a piece of notation.
fn damaged(text: &str, edits: &[(prop::sample::Index, usize)]) -> String {
    const PIECES: [&str; 12] =
        ["&a ", "*a ", "!!str ", "'", "\"", "# ", "{", "}", "- ", "\n", "\t", "\u{2028}"];
    let mut chars: Vec<char> = text.chars().collect();
    for (index, edit) in edits {
        let at = index.index(chars.len().max(1));
        match PIECES.get(*edit) {
            Some(piece) => {
                chars.splice(at..at, piece.chars());
            }
            None if at < chars.len() => {
                chars.remove(at);
            }
            None => {}
        }
    }
    chars.into_iter().collect()
}

/// A test file in pieces: those between the expectations stay as they are.
#[derive(Clone, Debug)]
struct Written {
    /// One more than the expectations.
    outside: Vec<String>,
    expects: Vec<String>,
}

impl Written {
    fn text(&self) -> String {
        let mut text = self.outside[0].clone();
        for (expect, outside) in self.expects.iter().zip(&self.outside[1..]) {
            text.push_str(expect);
            text.push_str(outside);
        }
        text
    }
}

/// A workload, indented by four blanks after `workload:`.
fn workload() -> impl Strategy<Value = String> {
    let pod = |fields: &str| {
        format!(
            "{{inline: {{apiVersion: v1, kind: Pod, metadata: {{name: agent}}, spec: {{{fields}containers: [{{name: \
             agent, image: example.com/agent}}]}}}}}}"
        )
    };
    prop_oneof![
        Just(pod("")),
        Just(pod("hostPID: true, ")),
        Just(pod("hostPID: true, hostNetwork: true, ")),
        Just(pod("hostIPC: true, volumes: [{name: a, hostPath: {path: /}}], ")),
        Just(
            "\n      inline: |\n        apiVersion: v1\n        kind: Pod\n        metadata: {name: agent}\n        \
             spec: {hostNetwork: true, containers: [{name: other, image: a}]}\n        # the end"
                .to_owned()
        ),
    ]
}

fn items(key: &'static str, ids: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let item = (prop::sample::select(ids), any::<bool>()).prop_map(move |(id, at)| {
        if at { format!("{{{key}: {id}, path: /spec/hostNetwork}}") } else { id.to_owned() }
    });
    prop::collection::vec(item, 0..3).prop_map(|mut items| {
        items.sort();
        items.dedup();
        items
    })
}

/// The fields of an expectation that is probably not met.
fn fields() -> impl Strategy<Value = Vec<(&'static str, Vec<String>)>> {
    let quoted =
        |names: &'static [&'static str]| prop::sample::select(names).prop_map(|name| vec![name.to_owned()]);
    (
        prop::option::of(quoted(&["admitted", "'exempted'", "\"denied\""])),
        prop::option::of(quoted(&["agent-v1", "'other'", "\"x\""])),
        prop::option::of(items("constraint", &["autogke-disallow-hostnamespaces", "hallpass/proc-mount"])),
        prop::option::of(items("rule", &["M3", "M7"])),
    )
        .prop_map(|(verdict, allowlist, constraints, mismatches)| {
            // Only a denied workload has mismatches.
            let implied = mismatches.as_ref().is_some_and(|items| !items.is_empty()) && allowlist.is_none();
            let verdict = match verdict {
                Some(verdict) if mismatches.is_some() => {
                    Some(if verdict[0].starts_with('"') { verdict } else { vec!["denied".to_owned()] })
                }
                None if mismatches.is_some() && !implied => Some(vec!["denied".to_owned()]),
                other => other,
            };
            let all = [
                ("verdict", verdict),
                ("allowlist", allowlist),
                ("constraints", constraints),
                ("mismatches", mismatches),
            ];
            all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
        })
}

#[derive(Clone, Copy, Debug)]
enum Notation {
    Flow,
    Block,
    /// Only if there are no fields.
    Null,
}

fn expect(indent: usize) -> impl Strategy<Value = String> {
    let notation = prop_oneof![Just(Notation::Flow), Just(Notation::Block), Just(Notation::Null)];
    (fields(), notation, any::<[bool; 4]>()).prop_map(
        move |(fields, notation, [comment, block, spaced, dashed])| {
            let is_list = |name: &str| matches!(name, "constraints" | "mismatches");
            let one_line = |name: &str, value: &[String]| match is_list(name) {
                true if spaced => format!("{name}: [ {} ]", value.join(" , ")),
                true => format!("{name}: [{}]", value.join(", ")),
                false => format!("{name}: {}", value.join("")),
            };
            let note = if comment { "  # a note" } else { "" };
            if fields.is_empty() {
                return match notation {
                    Notation::Null => format!("    expect:{note}\n"),
                    _ => String::new(),
                };
            }
            if let Notation::Flow = notation {
                let fields: Vec<String> = fields.iter().map(|(name, value)| one_line(name, value)).collect();
                return format!("    expect: {{{}}}{note}\n", fields.join(", "));
            }
            let mut text = format!("    expect:{note}\n");
            for (name, value) in &fields {
                if is_list(name) && block && !value.is_empty() {
                    text.push_str(&format!("      {name}:{note}\n"));
                    for item in value {
                        let lead = if dashed { "  " } else { "" };
                        text.push_str(&format!("      {lead}- {item}{note}\n"));
                    }
                } else {
                    text.push_str(&format!("      {}{note}\n", one_line(name, value)));
                }
            }
            let _ = indent;
            text
        },
    )
}

fn written() -> impl Strategy<Value = Written> {
    let test = (workload(), expect(4), any::<[bool; 3]>());
    (prop::collection::vec(test, 1..4), any::<[bool; 2]>()).prop_map(|(tests, [windows, end])| {
        let head = "# The head.\napiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists: [list.yaml]\n  tests:\n";
        let mut outside = vec![head.to_owned()];
        let mut expects = Vec::new();
        for (index, (workload, expect, [comment, blank, strict])) in tests.into_iter().enumerate() {
            let last = outside.last_mut().unwrap();
            // The whole test in braces.
            if let (Some(fields), false) = (expect.strip_prefix("    expect: {"), workload.contains('\n')) {
                let fields = fields.split('}').next().unwrap();
                if blank && !fields.contains('{') {
                    last.push_str(&format!("  - {{name: test {index}, workload: {workload}, "));
                    expects.push(format!("expect: {{{fields}}}"));
                    outside.push("}\n".to_owned());
                    continue;
                }
            }
            last.push_str(&format!("  - name: test {index}\n    workload: {workload}\n"));
            expects.push(expect);
            let mut after = String::new();
            // A field after the expectation would end an absent one elsewhere.
            if strict && !expects[index].is_empty() {
                after.push_str("    strict: false # a field after it\n");
            }
            if blank {
                after.push('\n');
            }
            if comment {
                after.push_str("  # between the tests\n");
            }
            outside.push(after);
        }
        if end {
            outside.last_mut().unwrap().push_str("# The end.");
        }
        let ends = |text: String| if windows { text.replace('\n', "\r\n") } else { text };
        Written {
            outside: outside.into_iter().map(ends).collect(),
            expects: expects.into_iter().map(ends).collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// The next run passes, the one after it changes nothing, and everything outside of the expectations stays.
    #[test]
    fn an_update_writes_what_the_next_run_expects(written in written()) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list.yaml"), ALLOWLIST).unwrap();
        let path = folder.path().join("test.yaml");
        fs::write(&path, written.text()).unwrap();
        let (statuses, errors) = run(&path);
        prop_assert!(errors.is_empty(), "{errors:#?}\n{}", written.text());
        let updated = fs::read_to_string(&path).unwrap();
        let notes = |text: &str| text.matches("# a note").count();
        prop_assert_eq!(notes(&updated), notes(&written.text()), "{}\n{}", written.text(), updated);
        let all_passed = statuses.iter().all(|status| *status == Status::Passed);
        prop_assert_eq!(all_passed, updated == written.text());

        let mut rest = updated.as_str();
        for (index, outside) in written.outside.iter().enumerate() {
            let at = if index + 1 == written.outside.len() { rest.rfind(outside.as_str()) } else { rest.find(outside.as_str()) };
            prop_assert!(at.is_some_and(|at| index > 0 || at == 0), "{outside:?} is lost from\n{updated}");
            rest = rest.split_at(at.unwrap() + outside.len()).1;
        }
        prop_assert_eq!(rest, "", "{}", updated);

        let (statuses, errors) = run(&path);
        prop_assert!(errors.is_empty(), "{errors:#?}");
        prop_assert!(statuses.iter().all(|status| *status == Status::Passed), "{statuses:?}\n{}\n{updated}", written.text());
        prop_assert_eq!(fs::read_to_string(&path).unwrap(), updated);
    }

    /// In a file of any notation, either nothing changes, or the next run passes.
    #[test]
    fn an_update_of_a_damaged_file_is_right_or_refused(
        written in written(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..16_usize), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list.yaml"), ALLOWLIST).unwrap();
        let path = folder.path().join("test.yaml");
        let mut written = written;
        for (index, edit) in edits {
            let count = written.expects.len();
            let expect = &mut written.expects[index.index(count)];
            *expect = damaged(expect, &[(index, edit)]);
        }
        let text = written.text();
        fs::write(&path, &text).unwrap();
        let name = path.display().to_string();
        if TestFile::read(&name, text.as_bytes(), true).is_err() {
            return Ok(());
        }
        let (statuses, _) = run(&path);
        let updated = fs::read_to_string(&path).unwrap();
        prop_assert_eq!(statuses.contains(&Status::Updated), updated != text);
        // In quotes, `#` does not start a comment.
        for line in text.lines().filter(|line| !line.contains(['\'', '"'])) {
            let comment = line.split_once(" #").map(|(_, comment)| comment).unwrap_or_default();
            prop_assert!(updated.contains(comment), "`{comment}` is lost:\n{text}\n{updated}");
        }
        let (again, _) = run(&path);
        for (before, after) in statuses.iter().zip(&again) {
            let expected = if *before == Status::Updated { Status::Passed } else { *before };
            prop_assert_eq!(expected, *after, "{}\n{}", text, updated);
        }
        prop_assert_eq!(fs::read_to_string(&path).unwrap(), updated);
    }
}

/// The blank lines are part of the text, and the new expectation would end it before them.
#[test]
fn an_edit_with_another_meaning_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.yaml");
    let text = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload:\n      inline: |+\n        \
                apiVersion: v1\n        kind: Pod\n        spec: {containers: [{name: a, image: a}]}\n\n\n";
    fs::write(&path, text).unwrap();
    let (statuses, errors) = run(&path);
    assert_eq!(statuses, [Status::Failed]);
    assert!(
        errors[0].starts_with("this cannot be updated: the edited file would have another meaning"),
        "{errors:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// Every string of a JSON file keeps its quotes, and a byte order mark takes no column.
#[test]
fn json_stays_json() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("list.yaml"), ALLOWLIST).unwrap();
    let path = folder.path().join("test.json");
    let text = |expect: &str| {
        let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"}, "spec": {"hostPID": true,
            "hostNetwork": true, "containers": [{"name": "agent", "image": "example.com/agent"}]}}"#;
        format!(
            r#"{{"apiVersion": "hallpass.dev/v1alpha1", "kind": "Test", "spec": {{"allowlists": ["list.yaml"],
            "tests": [{{"name": "a", "workload": {{"inline": {pod}}}, "expect": {expect}}}]}}}}"#
        )
    };
    for (expect, updated) in [
        (r#"{"verdict": "exempted"}"#, r#"{"verdict": "denied"}"#),
        (
            r#"{"verdict": "denied", "mismatches": []}"#,
            r#"{"verdict": "denied", "mismatches": [{"rule": "M3", "path": "/spec/hostNetwork"}]}"#,
        ),
        (
            r#"{"verdict": "denied", "allowlist": "other", "constraints": []}"#,
            r#"{"verdict": "denied", "allowlist": "agent-v1", "constraints": ["autogke-disallow-hostnamespaces"]}"#,
        ),
        (
            r#"{"allowlist": "agent-v1", "constraints": []}"#,
            r#"{"verdict": "denied", "constraints": ["autogke-disallow-hostnamespaces"]}"#,
        ),
    ] {
        for mark in ["", "\u{feff}"] {
            fs::write(&path, format!("{mark}{}", text(expect))).unwrap();
            let (statuses, errors) = run(&path);
            assert_eq!((statuses, errors), (vec![Status::Updated], Vec::new()), "{expect}");
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{mark}{}", text(updated)));
        }
        assert!(serde_json::from_str::<serde_json::Value>(&text(updated)).is_ok());
    }
}

/// The only field of an expectation cannot be removed.
#[test]
fn an_expectation_without_its_allowlist_expects_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("list.yaml"), ALLOWLIST).unwrap();
    let path = folder.path().join("test.yaml");
    let text = |expect: &str| {
        format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists: [list.yaml]\n  tests:\n  - name: a\n    \
             workload: {{inline: {{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: a, image: a}}]}}}}}}\n    expect:{expect}\n"
        )
    };
    for (expect, updated) in [
        (" {allowlist: agent-v1}", " {verdict: admitted}"),
        ("\n      allowlist: agent-v1 # one", "\n      verdict: admitted # one"),
        (
            "\n      allowlist: agent-v1 # one\n      constraints: []",
            "\n      verdict: admitted # one\n      constraints: []",
        ),
        (" {verdict: exempted, allowlist: agent-v1}", " {verdict: admitted}"),
        (" {allowlist: agent-v1, verdict: exempted}", " {verdict: admitted}"),
    ] {
        fs::write(&path, text(expect)).unwrap();
        let (statuses, errors) = run(&path);
        assert_eq!((statuses, errors), (vec![Status::Updated], Vec::new()), "{expect}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text(updated));
    }
}

/// Returns a test of a Pod that is denied because of the mismatches M3 and M7 with `agent-v1`.
fn denied(expect: &str) -> String {
    format!(
        "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  allowlists: [list.yaml]\n  tests:\n  - name: a\n    workload: \
         {{inline: {{apiVersion: v1, kind: Pod, metadata: {{name: agent}}, spec: {{hostPID: true, hostNetwork: true, \
         containers: [{{name: agent, image: example.com/agent, env: \
         [{{name: A, value: a}}]}}]}}}}}}\n    expect:{expect}"
    )
}

fn updated(folder: &Path, text: &str) -> (Vec<String>, String) {
    fs::write(folder.join("list.yaml"), ALLOWLIST).unwrap();
    let path = folder.join("test.yaml");
    fs::write(&path, text).unwrap();
    let (_, errors) = run(&path);
    (errors, fs::read_to_string(&path).unwrap())
}

/// Lines of items that stay do not change, and the comment of a removed item or field stays on its own line.
#[test]
fn comments_and_the_lines_of_items_that_stay_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    for (expect, expected) in [
        (
            "\n      verdict: denied\n      mismatches:\n      # above\n      - M7   # keep 7\n      - M9 # gone\n\n      - \"M3\" # keep 3\n      # below\n",
            "\n      verdict: denied\n      mismatches:\n      # above\n      - M7   # keep 7\n      # gone\n\n      - \"M3\" # keep 3\n      # below\n",
        ),
        (
            "\n      mismatches:\n        - M7 # keep\n        # M8\n      verdict: denied",
            "\n      mismatches:\n        - M7 # keep\n        - M3\n        # M8\n      verdict: denied",
        ),
        (
            "\n      mismatches:\n      - rule: M7\n        # why\n        path: /spec/containers/0/env/0/name # where\n      - rule: M9 # gone 1\n        # gone 2\n        path: /spec # gone 3\n      constraints: # all\n      - autogke-no-host-port # gone 4",
            "\n      mismatches:\n      - rule: M7\n        # why\n        path: /spec/containers/0/env/0/name # where\n      # gone 1\n      # gone 2\n      # gone 3\n      - {rule: M3, path: /spec/hostNetwork}\n      constraints: # all\n      # gone 4\n      - autogke-disallow-hostnamespaces",
        ),
        (
            "\n      # the release\n      allowlist: other # gone\n      verdict: exempted # now\n",
            "\n      # the release\n      allowlist: agent-v1 # gone\n      verdict: denied # now\n",
        ),
        (" {mismatches: [M7, M9]} # one\n", " {mismatches: [M7, M3]} # one\n"),
        ("\n      mismatches: [M7, M9] # one\n", "\n      mismatches: [M7, M3] # one\n"),
    ] {
        let (errors, text) = updated(folder.path(), &denied(expect));
        assert_eq!((errors, text), (Vec::new(), denied(expected)));
    }
}

#[test]
fn an_edit_that_would_lose_a_comment_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for expect in [
        " {mismatches: [M7, # seven\n      M9]}",
        "\n      mismatches: [\n        M7, # seven\n        M9, # nine\n      ]\n",
        "\n      verdict: denied\n      mismatches: # one\n        [{rule: M9, path: /spec}]\n",
    ] {
        let (errors, text) = updated(folder.path(), &denied(expect));
        let expected = "this cannot be updated: a comment would be lost: ";
        assert!(matches!(errors.as_slice(), [error] if error.starts_with(expected)), "{expect}: {errors:?}");
        assert_eq!(text, denied(expect));
    }
}

/// Tests a list that becomes empty, and a field that no longer has a meaning.
#[test]
fn comments_of_what_goes_stay_on_their_own_lines() {
    let folder = tempfile::tempdir().unwrap();
    let admitted = |expect: &str| {
        format!(
            "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {{inline: {{apiVersion: v1, \
             kind: Pod, spec: {{containers: [{{name: a, image: a}}]}}}}}}\n    expect:{expect}"
        )
    };
    for (expect, expected) in [
        (
            "\n      constraints: # none\n      - autogke-no-host-port # a port\n      verdict: admitted\n",
            "\n      constraints: [] # none\n      # a port\n      verdict: admitted\n",
        ),
        (
            "\n      verdict: denied\n      allowlist: a-v1 # one\n      # two\n      mismatches: # three\n      - M3 # four\n      # five\n",
            "\n      verdict: admitted\n      # one\n      # two\n      # three\n      # four\n      # five\n",
        ),
        (
            "\n      mismatches: # three\n      - M3 # four\n      constraints: []",
            "\n      verdict: admitted # three\n      # four\n      constraints: []",
        ),
        ("\n      mismatches: [M3] # one", "\n      verdict: admitted # one"),
        (" {verdict: denied, allowlist: a, mismatches: [M3]}", " {verdict: admitted}"),
        (" {allowlist: a, mismatches: [M3], verdict: denied}", " {verdict: admitted}"),
        (" {allowlist: a, verdict: denied, mismatches: [M3]}", " {verdict: admitted}"),
        (" {mismatches: [M3, M7]}", " {verdict: admitted}"),
        (
            " {\n      allowlist: a, # one\n      verdict: denied, # two\n      mismatches: [M3] # three\n      }",
            " {\n      # one\n      verdict: admitted, # two\n       # three\n      }",
        ),
    ] {
        let (errors, text) = updated(folder.path(), &admitted(expect));
        assert_eq!((errors, text), (Vec::new(), admitted(expected)));
    }
}

/// A list in JSON stays valid when a field on another line goes.
#[test]
fn json_on_several_lines_has_no_comma_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let json = |expect: &str| {
        format!(
            r#"{{"apiVersion": "hallpass.dev/v1alpha1", "kind": "Test", "spec": {{"tests": [{{"name": "a", "workload": {{"inline":
            {{"apiVersion": "v1", "kind": "Pod", "spec": {{"containers": [{{"name": "a", "image": "a"}}]}}}}}}, "expect": {expect}}}]}}}}"#
        )
    };
    let text = json("{\n\"verdict\": \"denied\",\n\"allowlist\": \"a\",\n\"mismatches\": [\"M3\"]\n}");
    let (errors, text) = updated(folder.path(), &text);
    assert_eq!((errors, text.as_str()), (Vec::new(), json("{\n\"verdict\": \"admitted\"\n}").as_str()));
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
}

#[test]
fn a_reason_is_the_actual_one() {
    let folder = tempfile::tempdir().unwrap();
    let text = denied(" {verdict: admitted}\n").replace('\n', "\r");
    let (errors, after) = updated(folder.path(), &text);
    assert!(
        errors[0].starts_with("this cannot be updated: the file has lines that end in CR alone"),
        "{errors:?}"
    );
    assert_eq!(after, text);
}

#[test]
fn a_file_that_an_editor_has_written_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.yaml");
    let text = "apiVersion: hallpass.dev/v1alpha1\nkind: Test\nspec:\n  tests:\n  - name: a\n    workload: {inline: \
                {apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: a}]}}}\n    expect: {verdict: denied}\n";
    fs::write(&path, text).unwrap();
    let newer = format!("# Newer.\n{text}");
    let updates = tested(&path, |files, report| {
        fs::write(&path, &newer).unwrap();
        update(files, &report)
    });
    assert!(updates.wrote_nothing());
    assert_eq!(updates.refused[0].message, "the file has changed since it was read, so it is not updated");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}
