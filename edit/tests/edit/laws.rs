//! Properties of every edit.

use hallpass_document::{At, Value};
use hallpass_edit::{Editor, Refusal};
use hallpass_reader::Document;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::written::{Written, key, root, text, value, write};

#[derive(Clone, Debug)]
enum Operation {
    Set(Value<'static>),
    Rename(String),
    Remove,
    Append(Value<'static>),
    Insert(String, Value<'static>),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        value().prop_map(Operation::Set),
        key().prop_map(Operation::Rename),
        Just(Operation::Remove),
        value().prop_map(Operation::Append),
        (key(), value()).prop_map(|(key, value)| Operation::Insert(key, value)),
    ]
}

impl Operation {
    fn edit(&self, editor: &mut Editor<'_>, document: &Document<'_>, at: &str) -> Result<(), Refusal> {
        match self {
            Operation::Set(value) => editor.set(document, at, value),
            Operation::Rename(key) => editor.rename(document, at, key),
            Operation::Remove => editor.remove(document, at),
            Operation::Append(item) => editor.append(document, at, item),
            Operation::Insert(key, value) => editor.insert(document, at, key, value),
        }
    }

    /// Changes the tree.
    fn apply(&self, root: &mut Value<'static>, at: &str) {
        let (above, last) = at.rsplit_once('/').unwrap();
        match (self, parent(root, above)) {
            (Operation::Remove, Value::List(items)) => drop(items.remove(last.parse().unwrap())),
            (Operation::Remove, Value::Map(fields)) => fields.retain(|(key, _)| escaped(key) != last),
            (Operation::Rename(new), Value::Map(fields)) => {
                let (key, _) = fields.iter_mut().find(|(key, _)| escaped(key) == last).unwrap();
                *key = new.clone().into();
            }
            (_, parent) => {
                let value = child(parent, last);
                match (self, &mut *value) {
                    (Operation::Set(new), _) => *value = new.clone(),
                    (Operation::Append(item), Value::List(items)) => items.push(item.clone()),
                    (Operation::Append(item), _) => *value = Value::List(vec![item.clone()]),
                    (Operation::Insert(key, new), Value::Map(fields)) => {
                        fields.push((key.clone().into(), new.clone()));
                    }
                    (Operation::Insert(key, new), _) => {
                        *value = Value::Map(vec![(key.clone().into(), new.clone())]);
                    }
                    _ => {}
                }
            }
        }
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn parent<'v>(root: &'v mut Value<'static>, pointer: &str) -> &'v mut Value<'static> {
    pointer.split('/').skip(1).fold(root, child)
}

fn child<'v>(value: &'v mut Value<'static>, step: &str) -> &'v mut Value<'static> {
    match value {
        Value::List(items) => &mut items[step.parse::<usize>().unwrap()],
        Value::Map(fields) => &mut fields.iter_mut().find(|(key, _)| escaped(key) == step).unwrap().1,
        _ => panic!("{step} is below a scalar"),
    }
}

/// The pointers of all values below the root, in the order of the file.
fn pointers(value: &Value<'_>, at: &At<'_>, found: &mut Vec<String>) {
    let mut visit = |value: &Value<'_>, at: At<'_>| {
        found.push(at.pointer());
        pointers(value, &at, found);
    };
    match value {
        Value::List(items) => items.iter().enumerate().for_each(|(index, item)| visit(item, at.index(index))),
        Value::Map(fields) => fields.iter().for_each(|(key, value)| visit(value, at.key(key))),
        _ => {}
    }
}

fn all_pointers(root: &Value<'_>) -> Vec<String> {
    let mut found = Vec::new();
    pointers(root, &At::pointer_to(""), &mut found);
    found
}

fn read(text: &str) -> Document<'_> {
    hallpass_reader::read(text.as_bytes()).last().unwrap().unwrap()
}

/// The comments of the test in a text, and those in quotes that look the same.
fn require_comments(written: &Written, after: &str) -> Result<(), TestCaseError> {
    for number in 1..=written.comments {
        let comment = format!("#{number}");
        let is_there = after.lines().any(|line| line.trim_end().ends_with(&comment));
        prop_assert!(is_there, "{comment} is lost:\n{}\n{after}", written.text);
    }
    Ok(())
}

/// The lines before the list or map that contains the value, and those from the next value but one that has another line.
fn require_outside(before: &str, after: &str, at: &str) -> Result<(), TestCaseError> {
    let document = read(before);
    let offset =
        |line: u32| before.split_inclusive('\n').take(line as usize - 1).map(str::len).sum::<usize>();
    // A list of which nothing is left changes the line of its key.
    let above = at.rsplit_once('/').map_or("", |(above, _)| above);
    let (line, first) = (document.locate_key(at).line, document.locate_key(above).line);
    prop_assert!(after.starts_with(&before[..offset(first)]), "{at} of\n{before}\n{after}");
    let all = all_pointers(document.root());
    let below = format!("{at}/");
    let behind = all.iter().skip_while(|other| *other != at);
    let behind = behind.filter(|other| *other != at && !other.starts_with(&below));
    let mut lines: Vec<u32> = behind.map(|other| document.locate_key(other).line).collect();
    lines.retain(|other| *other > line);
    lines.dedup();
    if let Some(next) = lines.get(1) {
        prop_assert!(after.ends_with(&before[offset(*next)..]), "{at} of\n{before}\n{after}");
    }
    Ok(())
}

/// What an edit of an ordinary file may be refused for.
const REASONS: [&str; 6] = [
    "a comment would be lost",
    "nothing else is in it",
    "it has no key",
    "the field `",
    "it is not a ",
    // The test does not write them in other places.
    "its notation is unusual",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_the_tree_and_nothing_else(
        root in root(),
        choices in prop::collection::vec(any::<u8>(), 1..64),
        which in any::<Index>(),
        operation in operation(),
    ) {
        let written = write(&root, &choices);
        let document = read(&written.text);
        prop_assert_eq!(document.root(), &root, "{}", written.text);
        let all = all_pointers(&root);
        let at = which.get(&all);
        let mut editor = Editor::new(written.text.as_bytes()).unwrap();
        match operation.edit(&mut editor, &document, at) {
            Ok(()) => {
                let after = editor.finish();
                let mut expected = root.clone();
                operation.apply(&mut expected, at);
                let read = hallpass_reader::read(after.as_bytes()).last().unwrap();
                prop_assert!(read.is_ok(), "{:?}\n{}\n{}", read.err(), written.text, after);
                let read = read.unwrap();
                prop_assert_eq!(read.root(), &expected, "{}\n{}", written.text, after);
                require_comments(&written, &after)?;
                require_outside(&written.text, &after, at)?;
            }
            Err(refusal) => {
                prop_assert!(REASONS.iter().any(|reason| refusal.reason.starts_with(reason)), "{refusal:?}\n{at} of\n{}", written.text);
                prop_assert_eq!(editor.finish(), written.text);
            }
        }
    }

    #[test]
    fn the_same_value_changes_no_byte(
        root in root(),
        choices in prop::collection::vec(any::<u8>(), 1..64),
        which in any::<Index>(),
    ) {
        let written = write(&root, &choices);
        let document = read(&written.text);
        let at = which.get(&all_pointers(&root)).clone();
        let mut editor = Editor::new(written.text.as_bytes()).unwrap();
        editor.set(&document, &at, document.get(&at).unwrap()).unwrap();
        prop_assert_eq!(editor.finish(), written.text);
    }

    /// Removing children one by one, in any order, and adding others.
    #[test]
    fn several_edits_of_one_list_agree(
        items in prop::collection::vec("[a-z]{1,3}", 1..6),
        choices in prop::collection::vec(any::<u8>(), 1..16),
        order in any::<Index>(),
        count in 0..6_usize,
        more in prop::collection::vec("[a-z]{1,3}", 0..3),
    ) {
        let list: Vec<Value<'static>> = items.iter().map(|item| text(item)).collect();
        let written = write(&Value::Map(vec![("a".into(), Value::List(list.clone()))]), &choices);
        let document = read(&written.text);
        let mut indexes: Vec<usize> = (0..items.len()).collect();
        indexes.rotate_left(order.index(items.len()));
        indexes.truncate(count);
        let mut editor = Editor::new(written.text.as_bytes()).unwrap();
        let mut expected: Vec<Value<'static>> = list;
        for index in &indexes {
            match editor.remove(&document, &format!("/a/{index}")) {
                Ok(()) => expected[*index] = Value::Null,
                Err(refusal) => prop_assert!(refusal.reason.starts_with("a comment would be lost"), "{refusal:?}"),
            }
        }
        expected.retain(|item| !item.is_null());
        for item in more {
            match editor.append(&document, "/a", &text(&item)) {
                Ok(()) => expected.push(text(&item)),
                Err(refusal) => prop_assert_eq!(refusal.reason, "an item next to it is removed"),
            }
        }
        let after = editor.finish();
        let read = hallpass_reader::read(after.as_bytes()).last().unwrap();
        prop_assert!(read.is_ok(), "{:?}\n{}\n{}", read.err(), written.text, after);
        let read = read.unwrap();
        prop_assert_eq!(read.get("/a"), Some(&Value::List(expected)), "{}\n{}", written.text, after);
        require_comments(&written, &after)?;
    }
}
