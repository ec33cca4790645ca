//! docs/lint.md is written by the code. After a change, `UPDATE_DOCS=1 cargo test -p hallpass-lint --test docs` updates it.

#[cfg(test)]
mod docs {
    #[test]
    fn the_page_of_the_rules_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lint.md");
        let page = hallpass_lint::page();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &page).expect("the page can be written");
        }
        let written = std::fs::read_to_string(path).expect("the page can be read");
        assert!(written == page, "docs/lint.md is out of date: run this test with UPDATE_DOCS=1");
    }
}
