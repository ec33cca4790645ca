//! Edits of files as people write them.

use hallpass_document::Value;
use hallpass_edit::{Editor, Refusal};
use hallpass_reader::Document;

use crate::written::text;

fn edited(
    before: &str,
    edit: impl FnOnce(&mut Editor<'_>, &Document<'_>) -> Result<(), Refusal>,
) -> Result<String, String> {
    let document = hallpass_reader::read(before.as_bytes()).last().unwrap().unwrap();
    let mut editor = Editor::new(before.as_bytes()).unwrap();
    match edit(&mut editor, &document) {
        Ok(()) => Ok(editor.finish()),
        Err(refusal) => {
            assert_eq!(editor.finish(), before);
            Err(refusal.reason)
        }
    }
}

/// Returns the tree of a text.
fn value(written: &'static str) -> Value<'static> {
    hallpass_reader::read(written.as_bytes()).next().unwrap().unwrap().root().clone()
}

#[test]
fn an_item_goes_to_the_end_of_its_list() {
    let mount = value("name: proc\nmountPath: /proc\n");
    for (before, list, item, after) in [
        ("a:\n- b # c\n# d\ne: f\n", "/a", text("g"), "a:\n- b # c\n- g\n# d\ne: f\n"),
        ("a:\n  - b\r\n  # d\r\n", "/a", text("g"), "a:\n  - b\r\n  - g\r\n  # d\r\n"),
        ("a:\n- b", "/a", text("g"), "a:\n- b\n- g"),
        ("a: [b, c] # d\n", "/a", text("g, h"), "a: [b, c, \"g, h\"] # d\n"),
        ("a: [\n  b,\n  c # d\n]\n", "/a", text("g"), "a: [\n  b,\n  c,\n  g # d\n]\n"),
        ("a: []\n", "/a", text("g"), "a:\n- g\n"),
        ("a: # why\n", "/a", text("g"), "a: # why\n- g\n"),
        ("{\"a\": [\"b\"]}", "/a", text("g"), "{\"a\": [\"b\", \"g\"]}"),
        ("{\"a\": []}", "/a", mount.clone(), "{\"a\": [{\"name\": \"proc\", \"mountPath\": \"/proc\"}]}"),
        ("a:\n- name: b\n", "/a", mount.clone(), "a:\n- name: b\n- name: proc\n  mountPath: /proc\n"),
        ("a: []\nb:\n  - c\n", "/a", mount.clone(), "a:\n  - name: proc\n    mountPath: /proc\nb:\n  - c\n"),
        ("- - a\n  - b\n- c\n", "/0", text("d"), "- - a\n  - b\n  - d\n- c\n"),
        ("a:\n- |\n  b\n\n- >\n  c\n  # d\n", "/a", text("e"), "a:\n- |\n  b\n\n- >\n  c\n  # d\n- e\n"),
    ] {
        let result = edited(before, |editor, document| editor.append(document, list, &item));
        assert_eq!(result, Ok(after.to_owned()), "{before}");
    }
}

#[test]
fn a_field_goes_to_the_end_of_its_map_in_the_layout_of_the_file() {
    let added = value("add: [KILL]\ndrop: [\"yes\"]\n");
    for (before, map, key, after) in [
        (
            "a:\n  b:\n    - c\n# d\n",
            "/a",
            "capabilities",
            "a:\n  b:\n    - c\n  capabilities:\n    add:\n      - KILL\n    drop:\n      - \"yes\"\n# d\n",
        ),
        (
            "a:\n- b: c\n  d: [\n  e\n]\n",
            "/a/0",
            "on",
            "a:\n- b: c\n  d: [\n  e\n]\n  \"on\":\n    add:\n    - KILL\n    drop:\n    - \"yes\"\n",
        ),
        ("a: {b: c}\n", "/a", "d", "a: {b: c, d: {add: [KILL], drop: [\"yes\"]}}\n"),
        ("a: {}\n", "/a", "d", "a:\n  d:\n    add:\n    - KILL\n    drop:\n    - \"yes\"\n"),
        ("a: b\n---\nc: d\n", "", "e", "a: b\n---\nc: d\ne:\n  add:\n  - KILL\n  drop:\n  - \"yes\"\n"),
    ] {
        let result = edited(before, |editor, document| editor.insert(document, map, key, &added));
        assert_eq!(result, Ok(after.to_owned()), "{before}");
    }
}

#[test]
fn an_item_or_a_field_goes_and_its_comments_stay() {
    for (before, pointer, after) in [
        ("a:\n- b # c\n- d\n", "/a/0", "a:\n# c\n- d\n"),
        ("a:\n- 'b # c'\n- d\n", "/a/0", "a:\n- d\n"),
        ("a:\n- b: |\n    # c\n  d: e # f\n- g\n", "/a/0", "a:\n# f\n- g\n"),
        ("a:\n- b # c\ne: f\n", "/a/0", "a: []\n# c\ne: f\n"),
        ("a: # all\n  b: c\n", "/a/b", "a: {} # all\n"),
        ("a:\n- b: c\n  d: e\n", "/a/0/b", "a:\n- d: e\n"),
        ("a: [b, c, d]\n", "/a/0", "a: [c, d]\n"),
        ("a: [b, c, d]\n", "/a/1", "a: [b, d]\n"),
        ("a: [b, # c\n  d]\n", "/a/1", "a: [b, # c\n  ]\n"),
        ("a: [b, c , d ]\n", "/a/2", "a: [b, c  ]\n"),
        ("{\"a\": 1, \"b\": {\"c\": 2}}", "/b/c", "{\"a\": 1, \"b\": {}}"),
        ("a: b\nc: d", "/c", "a: b\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "/a", "{\n  \"b\": 2\n}\n"),
        ("{\r\n  \"a\": [\r\n    1\r\n  ]\r\n}\r\n", "/a", "{\r\n}\r\n"),
        ("a: [\n  b, c,\n  d\n]\n", "/a/0", "a: [\n  c,\n  d\n]\n"),
    ] {
        let result = edited(before, |editor, document| editor.remove(document, pointer));
        assert_eq!(result, Ok(after.to_owned()), "{before}");
    }
    for (before, pointer, reason) in [
        ("a:\n- b: c # d\n  e: f\n", "/a/0/b", "a comment would be lost: `# d`"),
        ("a:\n- b: c\n", "/a/0/b", "nothing else is in it"),
        ("a: b\n", "", "it is a whole document"),
        ("a:\n- &x b\n- *x\n", "/a/1", "it is used through the anchor `x`"),
    ] {
        let result = edited(before, |editor, document| editor.remove(document, pointer));
        assert_eq!(result, Err(reason.to_owned()), "{before}");
    }
}

#[test]
fn a_value_of_another_kind_takes_the_place_of_the_old_one() {
    for (before, pointer, new, after) in [
        ("a: # b\n- c # d\ne: f\n", "/a", text("g"), "a: g # b\n# d\ne: f\n"),
        ("a: b # c\nd: e\n", "/a", value("[f]"), "a: # c\n- f\nd: e\n"),
        ("a: [b] # c\n", "/a", value("[d, e]"), "a: [d, e] # c\n"),
        ("a: [b] # c\n", "/a", value("- d: e"), "a: # c\n- d: e\n"),
        ("a: {b: [c]}\n", "/a/b", value("[d, e]"), "a: {b: [d, e]}\n"),
        ("a:\n  - b # c\n", "/a", value("[d]"), "a:\n  # c\n  - d\n"),
        ("- a: b\n  c: d\n- e\n", "/0", value("f: [g]\nh: i\n"), "- f:\n  - g\n  h: i\n- e\n"),
        ("- a: b\n  c: d\n", "/0", text("e"), "- e\n"),
        ("a: |\n  b\nc: d\n", "/a", text("e"), "a: e\nc: d\n"),
    ] {
        let result = edited(before, |editor, document| editor.set(document, pointer, &new));
        assert_eq!(result, Ok(after.to_owned()), "{before}");
    }
}

#[test]
fn a_key_keeps_its_quotes() {
    for (before, key, after) in [
        ("a:\n- \"b\" : c # d\n", "e", "a:\n- \"e\" : c # d\n"),
        ("a:\n- b: c\n", "on", "a:\n- \"on\": c\n"),
        ("a: [{b: c}]\n", "d", "a: [{d: c}]\n"),
    ] {
        let result = edited(before, |editor, document| editor.rename(document, "/a/0/b", key));
        assert_eq!(result, Ok(after.to_owned()), "{before}");
    }
    let result = edited("a: b\nc: d\n", |editor, document| editor.rename(document, "/a", "c"));
    assert_eq!(result, Err("the field `c` exists already".to_owned()));
}

#[test]
fn a_compact_editor_writes_an_item_on_one_line() {
    let item = value("rule: M3\npath: /spec\n");
    let document = hallpass_reader::read(b"a: []\nb:\n- c\n").next().unwrap().unwrap();
    let mut editor = Editor::new(b"a: []\nb:\n- c\n").unwrap().compact();
    editor.append(&document, "/a", &item).unwrap();
    editor.append(&document, "/b", &item).unwrap();
    let expected = "a:\n- {rule: M3, path: /spec}\nb:\n- c\n- {rule: M3, path: /spec}\n";
    assert_eq!(editor.finish(), expected);
}

/// With the edits of a list rebuilt for each of them, these took minutes.
#[test]
fn many_removals_take_no_longer_than_the_list_is() {
    const COUNT: usize = 2_000;
    let is_kept = |index: &usize| index % 3 == 1;
    let list = |lead: &str, separator: &str, end: &str, indexes: &mut dyn Iterator<Item = usize>| {
        let items: Vec<String> = indexes.map(|index| format!("i{index}")).collect();
        format!("a:{lead}{}{end}", items.join(separator))
    };
    for (lead, separator, end) in [(" [", ", ", "]\n"), ("\n- ", "\n- ", "\n"), (" [\n  ", ",\n  ", "\n]\n")]
    {
        let before = list(lead, separator, end, &mut (0..COUNT));
        let after = list(lead, separator, end, &mut (0..COUNT).filter(is_kept));
        let mut orders = [(0..COUNT).collect::<Vec<usize>>(), (0..COUNT).rev().collect()];
        for order in &mut orders {
            order.retain(|index| !is_kept(index));
            let removed = edited(&before, |editor, document| {
                order.iter().try_for_each(|index| editor.remove(document, &format!("/a/{index}")))
            });
            assert_eq!(removed.as_ref(), Ok(&after));
        }
        let none = edited(&before, |editor, document| {
            (0..COUNT).rev().try_for_each(|index| editor.remove(document, &format!("/a/{index}")))
        });
        let none = none.unwrap();
        let list = hallpass_reader::read(none.as_bytes()).next().unwrap().unwrap();
        assert_eq!(list.get("/a"), Some(&Value::List(Vec::new())));
    }
}

#[test]
fn comments_that_go_with_a_value_are_about_no_other() {
    let goes = |comment: &str| comment.contains("allow");
    let removed = |before: &str, pointer: &str| {
        let document = hallpass_reader::read(before.as_bytes()).last().unwrap().unwrap();
        let mut editor = Editor::new(before.as_bytes()).unwrap().with_comments(goes);
        editor.remove(&document, pointer).map(|()| editor.finish()).map_err(|refusal| refusal.reason)
    };
    for (before, pointer, after) in [
        ("a:\n- b # allow x\n- c # allow y\n", "/a/0", "a:\n- c # allow y\n"),
        ("a:\n- b\n- c # why\n", "/a/0", "a:\n- c # why\n"),
        ("a:\n# why\n- b\n- c\n", "/a/0", "a:\n# why\n- c\n"),
        ("a:\n- b:\n    c: 1 # allow\n- d\n", "/a/0", "a:\n- d\n"),
        ("a: [b, c] # allow x\n", "/a/0", "a: [c] # allow x\n"),
        ("a: [b,\n  c]\n", "/a/1", "a: [b]\n"),
    ] {
        assert_eq!(removed(before, pointer), Ok(after.to_owned()), "{before}");
    }
    for (before, pointer, comment) in [
        ("a:\n- b # why\n- c\n", "/a/0", "# why"),
        ("a:\n# allow\n\n# why\n- b\n- c\n", "/a/0", "# allow"),
        ("a:\n- b:\n    # allow\n    c: 1\n- d\n", "/a/0", "# allow"),
        ("a:\n# allow\n- b: c\n  d: e\n", "/a/0/b", "# allow"),
        ("a: [\n  b, # allow\n  c\n]\n", "/a/0", "# allow"),
        ("a: [b,\n  c] # why\n", "/a/1", "# why"),
        ("# allow\na: [b,\n  c, d]\n", "/a/1", "# allow"),
    ] {
        assert_eq!(removed(before, pointer), Err(format!("a comment is about it: `{comment}`")), "{before}");
    }
}
