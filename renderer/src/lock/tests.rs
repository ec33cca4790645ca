use std::collections::BTreeMap;

use super::{LOCK, Lock};
use crate::Digest;

fn sample() -> Lock {
    let digests = |paths: &[&str]| -> BTreeMap<_, _> {
        paths.iter().map(|path| ((*path).to_owned(), Digest::of(path.as_bytes()))).collect()
    };
    Lock {
        allowlists: digests(&["../shared/a \"b\".yaml", "true", "allowlists/größe.yaml"]),
        files: digests(&["clusters/prod/a.yaml", "clusters/prod/b.yaml", "on", "123"]),
    }
}

const TEXT: &str = "\
# Made by `hallpass render` from fleet `acme corp`: change the fleet file, not this one.
# It lists the files in this folder that hallpass owns.
version: 1
allowlists: {}
files:
  \"a\": sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
  \"b/c\": sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d
";

#[test]
fn it_is_sorted_with_one_line_a_file() {
    let files = [("b/c", "b"), ("a", "a")].map(|(path, text)| (path.to_owned(), Digest::of(text.as_bytes())));
    let lock = Lock { allowlists: BTreeMap::new(), files: files.into() };
    assert_eq!(
        lock.text(
            "# Made by `hallpass render` from fleet `acme\ncorp`: change the fleet file, not this one."
        ),
        TEXT
    );
}

#[test]
fn it_reads_what_it_writes_whatever_the_line_ends() {
    for lock in [sample(), Lock::default()] {
        let text = lock.text("# From fleet `acme`");
        assert_eq!(Lock::parse(text.as_bytes()), Ok(lock.clone()));
        assert_eq!(Lock::parse(text.replace('\n', "\r\n").as_bytes()), Ok(lock));
    }
}

#[test]
fn it_is_read_strictly() {
    let digest = Digest::of(b"");
    let with_files = |lines: &str| format!("version: 1\nallowlists: {{}}\nfiles:\n{lines}");
    let hex = "is not `sha256:` and 64 lower-case hexadecimal digits";
    let cases = [
        (String::new(), "the lock file is empty".to_owned()),
        ("# nothing\n".to_owned(), "the lock file is empty".to_owned()),
        ("[]\n".to_owned(), "1:1: a lock file must be a map, not a list".to_owned()),
        ("files: {}\n".to_owned(), "1:1: the lock file has no `version: 1`".to_owned()),
        ("version: '1'\n".to_owned(), "1:10: the lock file has no `version: 1`".to_owned()),
        ("version: 2\nnew: 1\n".to_owned(), "1:10: the lock file has version 2, not 1".to_owned()),
        ("version: 1\nfiles: {}\n".to_owned(), "1:1: the lock file has no map `allowlists`".to_owned()),
        (
            "version: 1\nallowlists: {}\nfiles: []\n".to_owned(),
            "3:8: the lock file has no map `files`".to_owned(),
        ),
        (
            "version: 1\nfile: {}\nfiles: {}\nallowlists: {}\n".to_owned(),
            "2:1: `file` is not a key of a lock file: the keys are `version`, `allowlists`, `files`"
                .to_owned(),
        ),
        (with_files("  a: sha256:00\n"), format!("4:6: the digest of `a` {hex}")),
        (with_files("  a: 12\n"), format!("4:6: the digest of `a` {hex}")),
        (
            with_files(&format!("  a: {}\n", digest.to_string().to_uppercase())),
            format!("4:6: the digest of `a` {hex}"),
        ),
        (
            with_files(&format!("  a/B: {digest}\n  a/b: {digest}\n")),
            "5:3: `a/b` and another path of the lock file are the same on some file systems".to_owned(),
        ),
        (
            with_files(&format!("  a: {digest}\n  a/b: {digest}\n")),
            "5:3: `a/b` and another path of the lock file are the same on some file systems".to_owned(),
        ),
        (
            format!("version: 1\nfiles: {{}}\nallowlists:\n  \"a\\u0007\": {digest}\n"),
            "4:3: path `a\u{7}` contains a control character".to_owned(),
        ),
        (
            with_files(&format!("  {}: {digest}\n", "../".repeat(100))),
            format!("4:3: path `{}…` contains `..`", "../".repeat(20)),
        ),
        (with_files(&format!("  \"\": {digest}\n")), "4:3: path `` is empty".to_owned()),
        (
            format!("version: 1\nfiles: {{}}\nallowlists:\n  \"\": {digest}\n"),
            "4:3: path `` is not between 1 and 512 bytes long".to_owned(),
        ),
        (
            with_files(&(0..=100_000).map(|n| format!("  f{n}: {digest}\n")).collect::<String>()),
            "4:3: `files` names more than 100000 files".to_owned(),
        ),
        (format!("{}---\n{TEXT}", TEXT), "the lock file contains more than one document".to_owned()),
    ];
    for (text, shown) in cases {
        let fault = Lock::parse(text.as_bytes()).expect_err(&text);
        let place = fault.position.map(|at| format!("{}:{}: ", at.line, at.column)).unwrap_or_default();
        assert_eq!(format!("{place}{}", fault.message), shown, "{text}");
        assert_eq!(fault.file, LOCK);
        assert!(fault.help.is_some(), "{text}");
    }
}

#[test]
fn a_path_given_twice_is_refused_where_it_stands() {
    let text = format!("{TEXT}  \"a\": {}\n", Digest::of(b""));
    let fault = Lock::parse(text.as_bytes()).expect_err("a fault");
    assert_eq!(fault.position.map(|at| (at.line, at.column)), Some((8, 3)), "{fault:?}");
}

#[test]
fn an_unknown_version_says_what_to_use() {
    let fault = Lock::parse(b"version: 2\n").expect_err("a fault");
    assert_eq!(fault.help.as_deref(), Some("use the version of hallpass that wrote it, or a newer one"));
}

#[test]
fn a_merge_conflict_is_called_by_its_name() {
    let (head, last) = TEXT.split_at(TEXT.find("  \"b/c\"").expect("a line"));
    let text = format!("{head}<<<<<<< HEAD\n{last}=======\n{last}>>>>>>> other\n");
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        let fault = Lock::parse(text.as_bytes()).expect_err("a fault");
        assert_eq!(fault.position.map(|at| (at.line, at.column)), Some((7, 1)));
        assert_eq!(fault.message, "the lock file contains merge conflict markers");
        assert_eq!(
            fault.help.as_deref(),
            Some(
                "keep the lines of both sides; for a path that both name, keep either line; then run `hallpass render`"
            )
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert!(Lock::parse(b"\xff\xfe\0\0").is_err());
    let deep = "[".repeat(100_000);
    assert!(Lock::parse(deep.as_bytes()).is_err());
}
