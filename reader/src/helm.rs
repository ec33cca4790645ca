//! The comment in which Helm names the template of a document.

/// The comment, which `helm template` prints below each `---` line.
const COMMENT: &str = "# Source: ";

/// The folders of a chart whose files `helm template` prints.
const FOLDERS: [&str; 2] = ["templates", "crds"];

/// Returns the template of a document that follows a `---` line: `agent/templates/daemonset.yaml`.
pub(crate) fn template(text: &str) -> Option<&str> {
    let path = text.strip_prefix(COMMENT)?.split(['\n', '\r']).next()?;
    is_template(path).then_some(path)
}

/// Whether a path is in the folder of templates of a chart, or of a chart in it. People write other sources, such as
/// URLs, in the same place. A path with `..` could lead out of the chart.
fn is_template(path: &str) -> bool {
    let mut steps = path.split('/');
    let is_name = |step: &str| !matches!(step, "" | "." | "..") && !step.contains('\\');
    let below_chart = steps.clone().skip(1).take(path.matches('/').count().saturating_sub(1));
    below_chart.into_iter().any(|step| FOLDERS.contains(&step)) && steps.all(is_name)
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn only_a_path_as_helm_prints_it_names_a_template() {
        for (text, path) in [
            ("# Source: a/templates/b.yaml\nkind: Pod\n", Some("a/templates/b.yaml")),
            ("# Source: a/templates/b.yaml\r\nkind: Pod\r\n", Some("a/templates/b.yaml")),
            ("# Source: a/templates/b.yaml", Some("a/templates/b.yaml")),
            ("# Source: a/crds/b.yaml\n", Some("a/crds/b.yaml")),
            ("# Source: a/charts/b/templates/tests/c d.yaml\n", Some("a/charts/b/templates/tests/c d.yaml")),
            ("\n# Source: a/templates/b.yaml\n", None),
            (" # Source: a/templates/b.yaml\n", None),
            ("# source: a/templates/b.yaml\n", None),
            ("# Source: https://example.com/a/templates/b.yaml\n", None),
            ("# Source: /a/templates/b.yaml\n", None),
            ("# Source: a/../templates/b.yaml\n", None),
            ("# Source: a/templates/../../b.yaml\n", None),
            ("# Source: a\\templates/templates/b.yaml\n", None),
            ("# Source: templates/b.yaml\n", None),
            ("# Source: a/templates\n", None),
            ("# Source: a/templates/\n", None),
            ("# Source: a wiki page\n", None),
            ("# Source: \n", None),
            ("kind: Pod\n", None),
            ("", None),
        ] {
            assert_eq!(template(text), path, "{text:?}");
        }
    }
}
