//! The state between calls: a profile, options and allowlists.

use hallpass_document::{Diagnostic, Value, did_you_mean};
use hallpass_policy::{AllowlistSet, GkeVersion, Listed, Options, Profile, judge};
use self_cell::self_cell;
use serde::Serialize;

type Tree<'b> = Value<'b>;
type Set<'v> = AllowlistSet<'v>;

self_cell! {
    /// The bytes of a load request, and the tree that borrows from them.
    struct Request {
        owner: Vec<u8>,
        #[covariant]
        dependent: Tree,
    }
}

self_cell! {
    /// The request, and the allowlists that borrow from it.
    struct Installed {
        owner: Request,
        #[not_covariant]
        dependent: Set,
    }
}

/// The result of `load`.
struct Loaded {
    installed: Installed,
    profile: Profile,
    target: Option<GkeVersion>,
    strict: bool,
}

/// The module's state.
#[derive(Default)]
pub(super) struct State(Option<Loaded>);

/// Why a call failed. A failed call has no effect.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refusal {
    error: String,
    /// The errors in the request, with their locations.
    faults: Vec<Diagnostic>,
}

impl Refusal {
    pub(super) fn new(error: impl Into<String>) -> Self {
        Refusal { error: error.into(), faults: Vec::new() }
    }
}

/// The response to `load`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The number of loaded allowlists.
    allowlists: usize,
    warnings: Vec<Diagnostic>,
}

const FIELDS: [&str; 4] = ["allowlists", "profile", "gkeVersion", "strict"];

impl State {
    /// Replaces everything that was loaded, or nothing if the request is invalid.
    pub(super) fn load(&mut self, request: Vec<u8>) -> Result<Report, Refusal> {
        let request = Request::try_new(request, |bytes| parse(bytes))?;
        let options = read_options(request.borrow_dependent())?;
        let mut report = Report { allowlists: 0, warnings: Vec::new() };
        let installed = Installed::try_new(request, |request| {
            let (set, warnings) = read_allowlists(request.borrow_dependent())?;
            report = Report { allowlists: set.iter().count(), warnings };
            Ok::<_, Refusal>(set)
        })?;
        let (profile, target, strict) = options;
        self.0 = Some(Loaded { installed, profile, target, strict });
        Ok(report)
    }

    /// Evaluates a document.
    pub(super) fn decide(&self, document: &[u8]) -> Result<hallpass_policy::Judgement, Refusal> {
        let Some(loaded) = &self.0 else {
            return Err(Refusal::new(
                "nothing is loaded: call `load` first, with no allowlists if none is installed",
            ));
        };
        let root = parse(document)?;
        let options = Options { profile: &loaded.profile, target: loaded.target, strict: loaded.strict };
        Ok(loaded.installed.with_dependent(|_, set| judge(&root, set, &options)))
    }
}

fn parse(bytes: &[u8]) -> Result<Value<'_>, Refusal> {
    Value::from_json(bytes).map_err(|error| Refusal::new(error.to_string()))
}

fn read_options(request: &Value<'_>) -> Result<(Profile, Option<GkeVersion>, bool), Refusal> {
    let Value::Map(entries) = request else {
        return Err(Refusal::new(format!("a load request must be a map, not {}", request.kind())));
    };
    for (key, _) in entries {
        if !FIELDS.contains(&key.as_ref()) {
            let meant = did_you_mean(key, FIELDS);
            return Err(Refusal::new(format!("a load request has no field `{key}`{meant}")));
        }
    }
    let profile = match request.get("profile") {
        None => Profile::autopilot(),
        Some(profile) => {
            Profile::read(profile).map_err(|faults| invalid("the profile is invalid", "/profile", faults))?
        }
    };
    let target = match request.get("gkeVersion") {
        None => None,
        Some(Value::String(version)) => {
            Some(version.parse().map_err(|error| Refusal::new(format!("{error}")))?)
        }
        Some(other) => {
            return Err(Refusal::new(format!("`gkeVersion` must be a string, not {}", other.kind())));
        }
    };
    let strict = match request.get("strict") {
        None => false,
        Some(Value::Bool(strict)) => *strict,
        Some(other) => return Err(Refusal::new(format!("`strict` must be a boolean, not {}", other.kind()))),
    };
    Ok((profile, target, strict))
}

fn read_allowlists<'v>(request: &'v Value<'v>) -> Result<(AllowlistSet<'v>, Vec<Diagnostic>), Refusal> {
    let documents = match request.get("allowlists") {
        None => &[],
        Some(Value::List(documents)) => documents.as_slice(),
        Some(other) => {
            return Err(Refusal::new(format!("`allowlists` must be a list, not {}", other.kind())));
        }
    };
    let mut listed = Listed::default();
    for (index, document) in documents.iter().enumerate() {
        listed.add(format!("/allowlists/{index}"), document);
    }
    listed.load().map_err(|faults| Refusal { error: "an allowlist is invalid".to_owned(), faults })
}

fn invalid(error: &str, place: &str, faults: Vec<Diagnostic>) -> Refusal {
    let faults = faults.into_iter().map(|fault| fault.below(place)).collect();
    Refusal { error: error.to_owned(), faults }
}
