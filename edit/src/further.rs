//! Adds documents to a file.

use crate::editor::Editor;
use crate::refusal::Refusal;

impl Editor<'_> {
    /// Returns the text with all edits, and with one more document at its end.
    ///
    /// # Errors
    /// The file is JSON, which contains a single value for most programs.
    pub fn finish_with(self, yaml: &str) -> Result<String, Refusal> {
        if self.text.is_json() {
            let help = "convert the file to YAML, or write the other one to a new file";
            return Err(Refusal::new("a JSON file has no place for a further document", help));
        }
        let ending = self.text.ending();
        let mut text = self.finish();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(ending);
        }
        text.push_str(&format!("---\n{yaml}").replace('\n', ending));
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::Editor;

    #[test]
    fn a_document_is_added_with_the_line_ends_of_the_file() {
        let with = |text: &str| Editor::new(text.as_bytes()).unwrap().finish_with("b: 1\nc: 2\n");
        assert_eq!(with("a: 1\n").unwrap(), "a: 1\n---\nb: 1\nc: 2\n");
        assert_eq!(with("a: 1").unwrap(), "a: 1\n---\nb: 1\nc: 2\n");
        assert_eq!(with("a: 1\r\nd: 2").unwrap(), "a: 1\r\nd: 2\r\n---\r\nb: 1\r\nc: 2\r\n");
        for json in ["{\"a\": 1}\n", "\u{feff} {}"] {
            assert_eq!(with(json).unwrap_err().reason, "a JSON file has no place for a further document");
        }
    }
}
