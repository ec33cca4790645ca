//! Partners whose workloads GKE allows to run privileged, as far as this is public: `data/partners.json`.

mod charts;

use std::sync::OnceLock;

use hallpass_document::nearest;
use serde::{Deserialize, Serialize};

pub use charts::{Created, Off, PartnerChart};

const DATA: &str = include_str!("../data/partners.json");

/// All known partners, or those that match a word. The JSON form is a contract: `schemas/partners.schema.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partners {
    schema_version: u32,
    /// The sources of the data.
    pub sources: Sources,
    /// Sorted by name.
    pub partners: Vec<Partner>,
}

/// The description and date of each [`Source`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// For partners that Google lists.
    pub google: String,
    /// For paths that are in use but not on Google's page.
    pub elsewhere: String,
}

/// A partner.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partner {
    /// Its name.
    pub name: String,
    /// False: GKE admits its workloads through built-in lists, which are not public.
    pub needs_allowlist: bool,
    /// The paths of its allowlists in Google's repository.
    pub paths: Vec<PartnerPath>,
    /// Charts that bring a synchronizer.
    #[serde(default)]
    pub charts: Vec<PartnerChart>,
}

/// A path of a partner's allowlists in Google's repository.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerPath {
    /// The path for `spec.allowlistPaths`: `Datadog/datadog/*`.
    pub path: String,
    /// The source of the path.
    pub source: Source,
    /// Known names of the allowlists, for use in the label `cloud.google.com/matching-allowlist`. `X`, `Y` and `Z` are
    /// placeholders for version numbers.
    pub labels: Vec<String>,
}

/// A source of data.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Google.
    Google,
    /// Vendors and their users.
    Elsewhere,
}

impl Partners {
    /// Returns all known partners.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    pub fn known() -> &'static Self {
        static KNOWN: OnceLock<Partners> = OnceLock::new();
        KNOWN.get_or_init(|| serde_json::from_str(DATA).expect("data/partners.json"))
    }

    /// Returns the partners whose name, path or label contains a word, ignoring case.
    #[must_use]
    pub fn with(&self, word: &str) -> Self {
        let word = word.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&word);
        let found = self.partners.iter().filter(|partner| {
            let paths = || partner.paths.iter();
            has(&partner.name)
                || paths().any(|path| has(&path.path) || path.labels.iter().any(|label| has(label)))
                || partner.charts.iter().any(|chart| has(&chart.name) || has(&chart.synchronizer))
        });
        Partners { partners: found.cloned().collect(), ..self.clone() }
    }

    /// Returns one word per partner with which [`Partners::with`] finds it: the first segment of its paths, or of its
    /// name.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let mut last = "";
        let words = self.partners.iter().flat_map(|partner| {
            let steps = partner.paths.iter().filter_map(|path| path.path.split('/').next());
            let name = partner.name.split(' ').next().filter(|_| partner.paths.is_empty());
            steps.chain(name)
        });
        words.filter(move |word| std::mem::replace(&mut last, *word) != *word)
    }

    /// Returns the path in Google's repository that was probably intended, if the folders of `path` are almost those of
    /// a partner. A path that resembles none may be newer than the data.
    #[must_use]
    pub fn meant(&self, path: &str) -> Option<String> {
        let (vendor, below) = path.split_once('/')?;
        let right_vendor = nearest(vendor, self.steps(None)).unwrap_or(vendor);
        // A file cannot be a misspelled folder.
        let right_below = below.split_once('/').and_then(|(product, rest)| {
            Some(format!("{}/{rest}", nearest(product, self.steps(Some(right_vendor)))?))
        });
        let meant = format!("{right_vendor}/{}", right_below.as_deref().unwrap_or(below));
        (meant != path).then_some(meant)
    }

    /// Returns the first segments of all paths, or the second segments below a first one.
    fn steps<'p>(&'p self, below: Option<&'p str>) -> impl Iterator<Item = &'p str> {
        let paths = self.partners.iter().flat_map(|partner| &partner.paths);
        paths.filter_map(move |path| {
            let mut steps = path.path.split('/');
            let first = steps.next()?;
            match below {
                None => Some(first),
                Some(vendor) => steps.next().filter(|step| vendor == first && *step != "*"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use hallpass_policy::synchronizer::is_allowlist_path;

    use super::Partners;

    #[test]
    fn the_data_is_in_order() {
        let partners = &Partners::known().partners;
        assert!(partners.is_sorted_by_key(|partner| partner.name.to_lowercase()));
        for partner in partners {
            assert_eq!(partner.needs_allowlist, !partner.paths.is_empty(), "{}", partner.name);
            for chart in &partner.charts {
                assert!(!chart.paths.is_empty() && chart.paths.iter().all(|path| is_allowlist_path(path)));
                assert!(chart.paths.iter().all(|path| partner.paths.iter().any(|known| known.path == *path)));
            }
            for path in &partner.paths {
                assert!(is_allowlist_path(&path.path) && path.path.ends_with("/*"), "{}", path.path);
                assert_eq!(Partners::known().meant(&path.path), None);
            }
        }
    }

    #[test]
    fn near_misses_have_a_right_form() {
        let meant = |path: &str| Partners::known().meant(path);
        assert_eq!(meant("Datadog/datadg/*").as_deref(), Some("Datadog/datadog/*"));
        assert_eq!(meant("datadog/datadog/*").as_deref(), Some("Datadog/datadog/*"));
        assert_eq!(meant("Datdog/datadogg/x-v1.yaml").as_deref(), Some("Datadog/datadog/x-v1.yaml"));
        assert_eq!(meant("Wiz/wiz_sensor/*").as_deref(), Some("Wiz/wiz-sensor/*"));
        assert_eq!(meant("Datadg/*").as_deref(), Some("Datadog/*"));
        for right in
            ["Datadog/other/*", "acme/agent/*", "Datadog/*", "Datadog/datadg.yaml", "Gke-Org/x/*", "*"]
        {
            assert_eq!(meant(right), None, "{right}");
        }
    }

    #[test]
    fn words_find_partners() {
        let all = Partners::known();
        for word in all.words() {
            assert!(!word.contains(' ') && !all.with(word).partners.is_empty(), "{word}");
        }
        assert_eq!(all.with("FALCON").partners.len(), 1);
        assert_eq!(all.with("kubecost").partners.len(), 1);
    }
}
