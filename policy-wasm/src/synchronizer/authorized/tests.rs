use super::AuthorizedPaths;
use crate::synchronizer::LONGEST_PATH;

fn list(text: &str) -> AuthorizedPaths {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

#[test]
fn lists_are_written_as_they_are_read() {
    for text in
        ["", "gke://*", "gke://dir/*,gs://bucket/*", "gs://our-lists/x.yaml,gs://b.c_d/dir/below/agent.json"]
    {
        assert_eq!(list(text).to_string(), text);
    }
    assert_eq!(AuthorizedPaths::default(), list("gke://*"));
}

#[test]
fn every_error_names_the_entry_and_what_to_write() {
    let malformed = "is not `*` and is neither `dir/file.yaml` nor `dir/*`: a segment consists of ASCII letters, digits, \
                     `.`, `_` and `-`, and does not start with a dot; the last one is `*`, or ends in `.yaml`, `.yml` or \
                     `.json`";
    let folder = |text: &str, meant: &str| {
        format!("`{text}` is a folder and covers no allowlist; did you mean `{meant}`?")
    };
    let scheme = |text: &str| {
        format!(
            "`{text}` starts with neither `gke://` nor `gs://`: write `gke://dir/*` for the partner repository, or \
             `gs://BUCKET/dir/*` for a bucket"
        )
    };
    let bucket = |text: &str| {
        format!(
            "`{text}` does not name a bucket: write `gs://BUCKET/dir/*`, with a name of lower-case letters, digits, `.`, \
             `_` and `-`"
        )
    };
    let cases = [
        ("gs://b-1/istio/1.30.4/", 1, folder("gs://b-1/istio/1.30.4/", "gs://b-1/istio/1.30.4/*")),
        ("gke://*,gs://b-1/istio", 2, folder("gs://b-1/istio", "gs://b-1/istio/*")),
        ("gs://bucket", 1, folder("gs://bucket", "gs://bucket/*")),
        ("gs://bucket/", 1, folder("gs://bucket/", "gs://bucket/*")),
        ("gke://", 1, folder("gke://", "gke://*")),
        (",gke://*", 1, "the path is empty: remove it, or write `gke://*`".to_owned()),
        ("gke://*,", 2, "the path is empty: remove it, or write `gke://*`".to_owned()),
        ("gke://*, gke://a/*", 2, "` gke://a/*` has blanks around it; did you mean `gke://a/*`?".to_owned()),
        ("*", 1, scheme("*")),
        ("dir/*", 1, scheme("dir/*")),
        ("GKE://*", 1, scheme("GKE://*")),
        ("gs://", 1, bucket("gs://")),
        ("gs:///x.yaml", 1, bucket("gs:///x.yaml")),
        ("gs://*", 1, bucket("gs://*")),
        ("gs://Bucket/*", 1, bucket("gs://Bucket/*")),
        ("gke://dir/../*", 1, format!("the path of `gke://dir/../*` {malformed}")),
        ("gke:///*", 1, format!("the path of `gke:///*` {malformed}")),
        ("gke://dir/v*", 1, format!("the path of `gke://dir/v*` {malformed}")),
        ("gs://bucket/dir//", 1, format!("the path of `gs://bucket/dir//` {malformed}")),
        ("gs://bucket/gs://bucket/*", 1, format!("the path of `gs://bucket/gs://bucket/*` {malformed}")),
    ];
    for (text, entry, expected) in cases {
        let error = text.parse::<AuthorizedPaths>().expect_err(text);
        assert_eq!(error.to_string(), format!("entry {entry}: {expected}"));
    }
}

#[test]
fn a_path_needs_an_entry_of_its_own_origin() {
    let cases = [
        ("gke://*", None, "x.yaml", true),
        ("gke://*", None, "dir/below/*", true),
        ("gke://*", Some("bucket"), "x.yaml", false),
        ("gs://bucket/*", Some("bucket"), "x.yaml", true),
        ("gs://bucket/*", Some("bucket-2"), "x.yaml", false),
        ("gs://bucket/*", None, "x.yaml", false),
        ("gke://dir/*", None, "dir/x.yaml", true),
        ("gke://dir/*", None, "dir/*", true),
        ("gke://dir/*", None, "dir/below/x.yaml", true),
        ("gke://dir/*", None, "dir2/x.yaml", false),
        ("gke://dir/below/*", None, "dir/*", false),
        ("gke://dir/x.yaml", None, "dir/x.yaml", true),
        ("gke://dir/x.yaml", None, "dir/*", false),
        ("gke://a/*,gs://bucket/dir/*", Some("bucket"), "dir/x.yaml", true),
        ("", None, "x.yaml", false),
        // What is no allowlist path is never authorized, so that no reader takes it for another one.
        ("gke://*", None, "*", false),
        ("gke://*", None, "", false),
        ("gke://dir/*", None, "dir/../secret/x.yaml", false),
        ("gke://*", None, "gs://bucket/x.yaml", false),
        ("gs://bucket/*", Some("bucket"), "/x.yaml", false),
    ];
    for (authorized, bucket, path, expected) in cases {
        assert_eq!(list(authorized).permits(bucket, path), expected, "{authorized}: {bucket:?} {path}");
    }
}

#[test]
fn the_refusal_is_the_one_of_gke() {
    assert_eq!(
        list("gke://*,gs://lists/istio/*").refusal(Some("bucket"), &["x.yaml", "dir/y.yaml"]),
        "[denied by autopilot-allowlist-synchronizer-limitation]: Unauthorized allowlist path(s) 'gs://bucket/x.yaml', \
         'gs://bucket/dir/y.yaml': not found in authorized path list 'gke://*', 'gs://lists/istio/*'"
    );
    assert_eq!(
        list("").refusal(None, &["dir/*"]),
        "[denied by autopilot-allowlist-synchronizer-limitation]: Unauthorized allowlist path(s) 'gke://dir/*': not found \
         in authorized path list ''"
    );
}

#[test]
fn a_refusal_stays_short() {
    let long = "x".repeat(LONGEST_PATH);
    let bucket = "b".repeat(222);
    let entry = format!("gs://{bucket}/{}/*", "y".repeat(400));
    let many = list(&vec![entry; 50].join(","));
    let refusal = many.refusal(Some(&bucket), &vec![long.as_str(); 500]);
    assert!(refusal.len() < 5 * 1024, "{}", refusal.len());
    assert!(
        refusal.contains("xxx...', and 495 more: not found in authorized path list 'gs://bbb"),
        "{refusal}"
    );
    assert!(refusal.ends_with("/*', and 47 more"), "{refusal}");
}
