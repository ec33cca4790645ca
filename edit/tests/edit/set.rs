//! Scalars that are replaced, in every notation.

use hallpass_document::Value;
use hallpass_edit::{Editor, Refusal};

/// Sets the value at a pointer of the last document.
fn set(text: &str, pointer: &str, value: &Value<'_>) -> Result<String, Refusal> {
    let document = hallpass_reader::read(text.as_bytes()).last().unwrap().unwrap();
    let mut editor = Editor::new(text.as_bytes())?;
    editor.set(&document, pointer, value)?;
    let text = editor.finish();
    let read = hallpass_reader::read(text.as_bytes()).last().unwrap().unwrap();
    assert_eq!(read.get(pointer), Some(value), "{text}");
    Ok(text)
}

#[test]
fn a_scalar_keeps_its_quotes_and_everything_around_it() {
    for (old, pointer, new, edited) in [
        ("a: b # c\nd: e\n", "/a", "f", "a: f # c\nd: e\n"),
        ("a:   'b'   # c\r\nd: e\r\n", "/a", "it's", "a:   'it''s'   # c\r\nd: e\r\n"),
        ("a: \"b\"\n", "/a", "1", "a: \"1\"\n"),
        ("a: b\n", "/a", "1", "a: \"1\"\n"),
        ("a: [b, 'c', d]\n", "/a/1", "e", "a: [b, 'e', d]\n"),
        ("a: [b, c]\n", "/a/1", "d, e", "a: [b, \"d, e\"]\n"),
        ("- a\n- # why\n  b\n", "/1", "c", "- a\n- # why\n  c\n"),
        ("- - a\n  - b\n", "/0/0", "c", "- - c\n  - b\n"),
        ("a:\n- b: c\n  d: é\n  e: f\n", "/a/0/e", "g", "a:\n- b: c\n  d: é\n  e: g\n"),
        ("a: b\n---\n# c\na: b\n", "/a", "d", "a: b\n---\n# c\na: d\n"),
        ("\u{feff}a: b\n---\n\u{feff}a: b", "/a", "c", "\u{feff}a: b\n---\n\u{feff}a: c"),
        ("{\"a\": \"b\", \"c\": [1]}", "/a", "d\"", "{\"a\": \"d\\\"\", \"c\": [1]}"),
        ("{\"é\": 1, \"c\": [1]}", "/c/0", "2", "{\"é\": 1, \"c\": [\"2\"]}"),
        ("a:\nb: c\n", "/a", "d", "a: d\nb: c\n"),
        ("a: # c\nb: c\n", "/a", "d", "a: d # c\nb: c\n"),
        ("a: ~\n", "/a", "d", "a: d\n"),
        ("{a: , b: c}\n", "/a", "d", "{a: d , b: c}\n"),
    ] {
        let old = if old.starts_with("{a") { format!("---\n{old}") } else { old.to_owned() };
        let edited = if edited.starts_with("{a") { format!("---\n{edited}") } else { edited.to_owned() };
        assert_eq!(set(&old, pointer, &Value::String(new.into())), Ok(edited), "{old}");
    }
    assert_eq!(set("a: yes # b\n", "/a", &Value::Bool(false)), Ok("a: false # b\n".to_owned()));
    assert_eq!(set("a: b\n", "/a", &Value::Int(-7)), Ok("a: -7\n".to_owned()));
}

#[test]
fn the_same_value_changes_no_byte() {
    for (text, value) in
        [("a: 0x10\n", Value::Int(16)), ("a: yes\n", Value::Bool(true)), ("a:\n", Value::Null)]
    {
        assert_eq!(set(text, "/a", &value), Ok(text.to_owned()));
    }
}

#[test]
fn a_value_that_is_shared_or_has_an_odd_notation_is_refused() {
    for (text, pointer, reason) in [
        ("a: &x b\nc: *x\n", "/a", "it has an anchor or a tag"),
        ("a: &x b\nc: *x\n", "/c", "it is used through the anchor `x`"),
        ("a: &x {b: c}\nd: *x\n", "/a/b", "it has an anchor or a tag"),
        ("a: &x {b: c}\nd: *x\n", "/d/b", "it is used through the anchor `x`"),
        ("a: &x\n  b: c\nd: *x\n", "/a/b", "it has an anchor or a tag"),
        ("a: &x\n  b: c\nd:\n  <<: *x\n  e: f\n", "/d/b", "it is used through the anchor `x`"),
        ("- &x\n  b: c\n- *x\n", "/0/b", "it has an anchor or a tag"),
        ("- &x b\n- *x\n", "/0", "it has an anchor or a tag"),
        ("a: !!str 1\n", "/a", "it has an anchor or a tag"),
        ("a: !!map\n  b: c\n", "/a/b", "it has an anchor or a tag"),
        ("? a\n: b\n", "/a", "its notation is unusual"),
        ("a: 'b\n  c'\n", "/a", "a value has several lines"),
        ("a: [b\n  c]\n", "/a/0", "a value has several lines"),
        ("a: b\n", "/c", "it does not exist"),
    ] {
        let refused = set(text, pointer, &Value::String("new".into())).unwrap_err();
        assert_eq!(refused.reason, reason, "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_edited_is_refused() {
    assert_eq!(Editor::new(b"a: b\rc: d").unwrap_err().reason, "the file has lines that end in CR alone");
    assert_eq!(Editor::new(b"a: \xff").unwrap_err().reason, "the file is not UTF-8");
}

#[test]
fn a_value_is_changed_once() {
    let text = b"a: b\n";
    let document = hallpass_reader::read(text).next().unwrap().unwrap();
    let mut editor = Editor::new(text).unwrap();
    editor.set(&document, "/a", &Value::String("c".into())).unwrap();
    let again = editor.set(&document, "/a", &Value::String("d".into())).unwrap_err();
    assert_eq!(again.reason, "it is already changed");
    assert_eq!(editor.finish(), "a: c\n");
}
