//! Unrendered templates: a folder of them is one mistake, not a thousand.

use hallpass_document::{Code, Diagnostic};

use crate::problem::Problem;
use crate::report::Report;

/// The number of files that the message names.
const NAMED: usize = 3;

pub(crate) fn is_template(error: &Diagnostic) -> bool {
    error.code == Code::Template
}

impl Report {
    /// Replaces the errors of all unrendered templates with one error, at the location of the first.
    pub fn sum_up_templates(&mut self) {
        let templates: Vec<&Problem> = self.errors.iter().filter(|error| error.is_unrendered()).collect();
        let (count, Some(first)) = (templates.len(), templates.first()) else { return };
        if count < 2 {
            return;
        }
        let mut files: Vec<&str> = templates.iter().map(|error| error.file.as_str()).collect();
        files.dedup();
        let message = match files.as_slice() {
            [_] => format!("{count} documents of this file are unrendered templates"),
            files => {
                let named: Vec<String> = files.iter().take(NAMED).map(|file| format!("`{file}`")).collect();
                let more = match files.len() - named.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("{} files are unrendered templates: {}{more}", files.len(), named.join(", "))
            }
        };
        let help = "render them first: `helm template CHART | hallpass check -`";
        let mut one = (*first).clone();
        one.message = message;
        let mut one = Some(one.help(help));
        self.errors = std::mem::take(&mut self.errors)
            .into_iter()
            .filter_map(|error| if error.is_unrendered() { one.take() } else { Some(error) })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use crate::allowlists::parse_all;
    use crate::report::Report;

    const TEMPLATE: &[u8] = b"kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n";

    fn errors(files: &[(&str, &[u8])]) -> Vec<(String, String, Option<u32>)> {
        let mut report = Report::default();
        let parsed = parse_all(files.iter().copied(), &mut report.errors);
        assert!(parsed.is_empty());
        report.sum_up_templates();
        report.errors.into_iter().map(|error| (error.file, error.message, error.line)).collect()
    }

    #[test]
    fn many_templates_are_one_error() {
        let names: Vec<String> = (0..1000).map(|index| format!("{index}.yaml")).collect();
        let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), TEMPLATE)).collect();
        files.insert(1, ("bad.yaml", b"a: [\n"));
        let errors = errors(&files);
        assert_eq!(errors.len(), 2);
        let message = "1000 files are unrendered templates: `0.yaml`, `1.yaml`, `2.yaml` and 997 more";
        assert_eq!(errors.first(), Some(&("0.yaml".to_owned(), message.to_owned(), Some(3))));
    }

    #[test]
    fn few_templates_are_named() {
        let [(_, message, _)] = errors(&[("a", TEMPLATE), ("b", TEMPLATE)]).try_into().unwrap();
        assert_eq!(message, "2 files are unrendered templates: `a`, `b`");
        let [(_, message, _)] = errors(&[("a", TEMPLATE)]).try_into().unwrap();
        assert_eq!(message, "`{{ .Release.Name }}` is an unrendered template");
        let two = [TEMPLATE, TEMPLATE].join(&b"---\n"[..]);
        let [(_, message, line)] = errors(&[("a", &two)]).try_into().unwrap();
        assert_eq!(message, "2 documents of this file are unrendered templates");
        assert_eq!(line, Some(3));
    }
}
