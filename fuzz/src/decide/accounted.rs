//! Nothing is lost (rule W1): every object of a document, and every document of a file, is evaluated, skipped and
//! counted, or an error.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Judgement, Options, Profile, judge};
use hallpass_report::{FileReport, Installed, Judge, Native, Report, is_foreign};

/// Each object in a document, including those in lists and requests, has a verdict or a fault, or is counted as
/// skipped.
pub(super) fn check_objects(judgement: &Judgement, root: &Value<'_>) {
    let mut objects = Vec::new();
    find_objects(root, String::new(), &mut objects);
    let lost: Vec<&String> = objects.iter().filter(|object| !is_told(object, judgement)).collect();
    assert!(lost.len() <= judgement.skipped, "not judged, not skipped, no error: {lost:?} in {judgement:#?}");
}

/// Collects the pointers of the objects that kubectl would apply; the root's if it is neither a list nor a request.
fn find_objects(value: &Value<'_>, pointer: String, objects: &mut Vec<String>) {
    if pointer.is_empty() && value.is_null() {
        return;
    }
    match value.get("items") {
        Some(Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                find_objects(item, format!("{pointer}/items/{index}"), objects);
            }
            return;
        }
        // An empty list.
        Some(Value::Null) => return,
        _ => {}
    }
    let is_review = value.get("kind").and_then(Value::as_str) == Some("AdmissionReview");
    let is_request = pointer.ends_with("/request") || matches!(value.get("kind"), Some(Value::Map(_)));
    match (value.get("request"), value.get("object")) {
        (Some(request), _) if is_review => find_objects(request, format!("{pointer}/request"), objects),
        (_, Some(object)) if is_request => find_objects(object, format!("{pointer}/object"), objects),
        _ => objects.push(pointer),
    }
}

fn is_told(object: &str, judgement: &Judgement) -> bool {
    let mut verdicts = judgement.workloads.iter().map(|judged| judged.path.as_str());
    // A fault names a field of this object, or of its wrapper, which is then not unwrapped.
    let mut faults = judgement.faults.iter().map(|fault| {
        let holder = fault.path.rsplit_once('/').map_or("", |(holder, _)| holder);
        (fault.path.as_str(), holder)
    });
    verdicts.any(|path| is_at_or_below(path, object) || is_at_or_below(object, path))
        || faults.any(|(field, holder)| is_at_or_below(field, object) || is_at_or_below(object, holder))
}

fn is_at_or_below(pointer: &str, above: &str) -> bool {
    pointer.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The report on a file contains exactly what the reader and the decision report for each of its documents. A file
/// found in a folder without Kubernetes objects is only counted.
pub(super) fn check_file(bytes: &[u8]) {
    let profile = Profile::autopilot();
    let set = AllowlistSet::load(&[]).set;
    let options = Options { profile: &profile, target: None, strict: false };
    let (mut workloads, mut skipped, mut errors) = (0, 0, 0);
    for document in hallpass_report::read_workloads(bytes) {
        match document {
            Ok(document) => {
                let judgement = judge(document.root(), &set, &options);
                check_objects(&judgement, document.root());
                workloads += judgement.workloads.len();
                skipped += judgement.skipped;
                errors += judgement.faults.len();
            }
            Err(_) => errors += 1,
        }
    }
    let none: [&str; 0] = [];
    let installed = Installed::new(&[], &none, &mut Report::default());
    let engine = Native { allowlists: &set, options };
    let judge = Judge { installed: &installed, engine, snippets: false };
    let named = judge.file("a.yaml", bytes, true);
    let found = judge.file("a.yaml", bytes, false);
    let counts = |report: &FileReport| (report.results.len(), report.skipped, report.errors.len());
    let expected = (workloads, skipped, errors);
    assert_eq!(counts(&named), expected, "of a file that is named");
    assert_eq!(named.skipped_file, None, "a file that is named is not skipped");
    let is_skipped = found.skipped_file.is_some();
    assert_eq!(is_skipped, is_foreign(bytes), "the two ways to tell files apart differ");
    assert_eq!(counts(&found), if is_skipped { (0, 0, 0) } else { expected }, "of a file in a folder");
    assert!(!is_skipped || workloads + skipped == 0, "a file with objects is skipped");
}
