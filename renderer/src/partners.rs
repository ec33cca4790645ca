//! Partners whose workloads GKE lets run privileged, as far as that is public: `data/partners.json`.

use std::sync::OnceLock;

use hallpass_document::nearest;
use serde::{Deserialize, Serialize};

const DATA: &str = include_str!("../data/partners.json");

/// All that is known, or the part of it that somebody asked for. The JSON form is a contract: `schemas/partners.schema.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partners {
    schema_version: u32,
    /// Where it is from.
    pub sources: Sources,
    /// In the order of their names.
    pub partners: Vec<Partner>,
}

/// What each [`Source`] is, and of when.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Of partners that Google lists.
    pub google: String,
    /// Of paths that are in use, and that Google's page does not have.
    pub elsewhere: String,
}

/// A partner.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partner {
    /// Its name.
    pub name: String,
    /// False: GKE admits its workloads by lists of its own, which are not public.
    pub needs_allowlist: bool,
    /// Where Google's repository has its allowlists.
    pub paths: Vec<PartnerPath>,
}

/// Where Google's repository has allowlists of a partner.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerPath {
    /// As a synchronizer names it: `Datadog/datadog/*`.
    pub path: String,
    /// Who says so.
    pub source: Source,
    /// What is known of the allowlists' names, which are the values of the label `cloud.google.com/matching-allowlist`. `X`,
    /// `Y` and `Z` stand for a version's numbers.
    pub labels: Vec<String>,
}

/// Who says something.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Google.
    Google,
    /// Vendors, and those who use their products.
    Elsewhere,
}

impl Partners {
    /// All that is known.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    pub fn known() -> &'static Self {
        static KNOWN: OnceLock<Partners> = OnceLock::new();
        KNOWN.get_or_init(|| serde_json::from_str(DATA).expect("data/partners.json"))
    }

    /// Those that have a word in their name, a path or a label, of any case.
    #[must_use]
    pub fn with(&self, word: &str) -> Self {
        let word = word.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&word);
        let found = self.partners.iter().filter(|partner| {
            let paths = || partner.paths.iter();
            has(&partner.name)
                || paths().any(|path| has(&path.path) || path.labels.iter().any(|label| has(label)))
        });
        Partners { partners: found.cloned().collect(), ..self.clone() }
    }

    /// One word for each partner, by which [`Partners::with`] finds it: the first step of its paths, else of its name.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let mut last = "";
        let words = self.partners.iter().flat_map(|partner| {
            let steps = partner.paths.iter().filter_map(|path| path.path.split('/').next());
            let name = partner.name.split(' ').next().filter(|_| partner.paths.is_empty());
            steps.chain(name)
        });
        words.filter(move |word| std::mem::replace(&mut last, *word) != *word)
    }

    /// What a path of Google's repository was probably meant to be: its folders are nearly those of a partner. A path that is
    /// like none may be newer than what is known.
    #[must_use]
    pub fn meant(&self, path: &str) -> Option<String> {
        let (vendor, below) = path.split_once('/')?;
        let right_vendor = nearest(vendor, self.steps(None)).unwrap_or(vendor);
        // A file is no folder that another could be mistaken for.
        let right_below = below.split_once('/').and_then(|(product, rest)| {
            Some(format!("{}/{rest}", nearest(product, self.steps(Some(right_vendor)))?))
        });
        let meant = format!("{right_vendor}/{}", right_below.as_deref().unwrap_or(below));
        (meant != path).then_some(meant)
    }

    /// The first steps of all paths, or the second ones below a first.
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
