//! The files of a release that are the same on every platform.
//!
//! `HALLPASS_RELEASE` names the folder that `cargo xtask release` has filled; `cargo xtask test` sets it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hallpass::engine::{KUBEWARDEN, WASM};
use serde_json::Value as Json;

use super::file;
use crate::support::{document, repository};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("HALLPASS_RELEASE").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: `HALLPASS_RELEASE` names no folder; `cargo xtask release` fills it");
    }
    folder
}

fn names(folder: &Path) -> impl Iterator<Item = String> + use<> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

#[test]
fn a_release_contains_the_modules_the_page_the_package_and_every_schema() {
    let Some(folder) = folder() else { return };
    let released: BTreeSet<String> = names(&folder).collect();
    let package = format!("hallpass-policy-{}.tgz", env!("CARGO_PKG_VERSION"));
    let mut wanted: BTreeSet<String> = [
        "hallpass-browser.wasm",
        "hallpass-kubewarden.wasm",
        "hallpass-page.cyclonedx.json",
        "hallpass-plain.wasm",
        "hallpass.html",
        &package,
    ]
    .map(str::to_owned)
    .into();
    // It consists of URLs, which are unknown until the repository is public.
    wanted.extend((!env!("CARGO_PKG_REPOSITORY").is_empty()).then(|| "artifacthub-pkg.yml".to_owned()));
    for schemas in ["schemas", "schemas/crds"] {
        let files = names(&repository().join(schemas));
        wanted.extend(files.filter(|name| name.ends_with(".json") || name.ends_with(".yaml")));
    }
    assert!(wanted.contains("report.schema.json"));
    assert_eq!(released, wanted);
    // The digests that `hallpass wasm digest` prints are those of the files.
    assert!(fs::read(folder.join("hallpass-plain.wasm")).unwrap() == WASM);
    assert!(fs::read(folder.join("hallpass-kubewarden.wasm")).unwrap() == KUBEWARDEN);
    let components = fs::read(folder.join("hallpass-page.cyclonedx.json")).unwrap();
    let components: Json = serde_json::from_slice(&components).unwrap();
    assert_eq!(components["bomFormat"], "CycloneDX");
    let mut names = components["components"].as_array().unwrap().iter().map(|it| &it["name"]);
    assert!(names.any(|name| name == "@codemirror/view" || name == "view"), "{components:#}");
}

/// Artifact Hub shows what the module's metadata say.
#[test]
fn the_package_for_artifact_hub_agrees_with_the_metadata() {
    let template = file("packaging/kubewarden/artifacthub-pkg.yml");
    let package = document(template.replace('{', "<").replace('}', ">").as_bytes());
    let metadata: Json = serde_json::from_str(&file("kubewarden/metadata.json")).unwrap();
    let annotations = &package["annotations"];
    // The braces of flow maps were replaced as well.
    let list = |key: &str| -> Json {
        let text = annotations[key].as_str().unwrap().replace('<', "{").replace('>', "}");
        document(text.as_bytes())
    };
    assert_eq!(list("kubewarden/rules"), metadata["rules"]);
    assert_eq!(list("kubewarden/contextAwareResources"), metadata["contextAwareResources"]);
    assert_eq!(annotations["kubewarden/mutation"], metadata["mutating"].to_string());
    assert_eq!(annotations["kubewarden/resources"], metadata["annotations"]["io.artifacthub.resources"]);
    assert_eq!(package["displayName"], metadata["annotations"]["io.artifacthub.displayName"]);
    assert_eq!(package["license"], metadata["annotations"]["io.kubewarden.policy.license"]);
    let keywords: Vec<&str> =
        package["keywords"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(keywords.join(", "), metadata["annotations"]["io.artifacthub.keywords"]);
    let oci = metadata["annotations"]["io.kubewarden.policy.ociUrl"].as_str().unwrap();
    let image = format!("{oci}:v{{version}}").replace('{', "<").replace('}', ">");
    assert_eq!(package["containersImages"][0]["image"], *image);
}

#[test]
fn a_release_has_the_archives_that_cargo_binstall_and_the_action_look_for() {
    let targets = document(file(".github/workflows/release.yml").as_bytes());
    let targets = targets["jobs"]["binaries"]["strategy"]["matrix"]["include"].as_array().unwrap().clone();
    let released: BTreeSet<&str> = targets.iter().map(|it| it["target"].as_str().unwrap()).collect();
    let script = file("packaging/action/install.sh");
    let looked_for: BTreeSet<&str> = script
        .lines()
        .filter_map(|line| line.trim().split_once(") target=")?.1.strip_suffix(" ;;"))
        .collect();
    assert_eq!(looked_for, released);
    assert_eq!(released.len(), 5);
    let manifest = file("host/Cargo.toml");
    assert!(manifest.contains("/hallpass-{ target }.tar.gz\""), "{manifest}");
    assert!(script.contains("archive=hallpass-$target.tar.gz"));
}
