//! `hallpass mirror --script` and `hallpass digests --layout`, with other programs and files than those of a user.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{copy, hallpass, repository};

/// Returns a folder with the inputs of the files in `tests/cmd`.
fn inputs(name: &str) -> std::path::PathBuf {
    repository().join("host/tests/cmd").join(name)
}

/// Runs a script with a program that notes its arguments in the file `NAME.arguments`, and then runs `then`.
fn run_script(folder: &Path, program: &str, script: &[u8], then: &str) -> Output {
    let bin = folder.join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(repository().join("host/tests/programs/scripted"), bin.join(program)).unwrap();
    fs::write(bin.join(format!("{program}.script")), format!("printf '%s\\n' \"$@\" >>arguments\n{then}\n"))
        .unwrap();
    fs::write(folder.join("copy.sh"), script).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Command::new("sh").arg("copy.sh").current_dir(folder).env("PATH", path).output().unwrap()
}

fn script(program: &str) -> Vec<u8> {
    let mut command = hallpass();
    command.current_dir(inputs("mirror.in"));
    let output = command
        .args([
            "mirror",
            "--registry",
            "mirror.example/acme",
            "--script",
            program,
            "agent.yaml",
            "mirrored.yaml",
            "agent.yaml",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The references to the original and to the copy of an image of `agent.yaml`.
fn references(name: &str, digit: &str) -> [String; 2] {
    let digest = digit.repeat(64);
    [
        format!("registry.acme.example/acme/{name}@sha256:{digest}"),
        format!("mirror.example/acme/acme/{name}:mirrored-{digest}"),
    ]
}

#[test]
fn the_script_copies_each_image_once() {
    let docker = |reference: &String| format!("docker://{reference}");
    let images = [references("agent", "a"), references("init", "b")];
    for (program, options) in
        [("crane", &["copy"][..]), ("skopeo", &["copy", "--all", "--preserve-digests"][..])]
    {
        let folder = tempfile::tempdir().unwrap();
        let output = run_script(folder.path(), program, &script(program), "exit 0");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
        let mut expected = Vec::new();
        for image in &images {
            expected.extend(options.iter().map(|option| (*option).to_owned()));
            expected
                .extend(image.iter().map(|one| if program == "skopeo" { docker(one) } else { one.clone() }));
        }
        assert_eq!(arguments.lines().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn the_script_stops_at_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let output = run_script(folder.path(), "crane", &script("crane"), "exit 7");
    assert_eq!(output.status.code(), Some(7));
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    assert_eq!(arguments.lines().filter(|argument| *argument == "copy").count(), 1);
}

#[test]
fn no_image_gets_a_command_into_the_script() {
    for image in ["a;id", "$(id)", "`id`", "a' 'b", "a\\nid", "--help", "-a/b", "a b", "a\\u0000b", "../../a"]
    {
        let digest = "a".repeat(64);
        let pod = format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "a"}}, "spec": {{"containers": [{{"name": "a", "image": "registry.example/{image}@sha256:{digest}"}}]}}}}"#
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pod.json"), pod).unwrap();
        let mut command = hallpass();
        command.current_dir(folder.path()).args([
            "mirror",
            "--registry",
            "m.example",
            "--script",
            "crane",
            "pod.json",
        ]);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{image}");
        assert!(output.stdout.is_empty(), "{image}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Verifies a copy of a layout after a change, and returns the first line of the error.
fn verified(change: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let layout = folder.path().join("init");
    copy(&inputs("digests.in/layouts/init"), &layout);
    change(&layout);
    let mut command = hallpass();
    command.current_dir(folder.path()).arg("digests").arg(inputs("digests.in/allowlist.yaml"));
    let output = command.args(["--from", "init", "--layout", "init"]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let error = stderr.lines().find(|line| line.starts_with("error: "));
    assert_eq!(output.status.code() == Some(3), error.is_some(), "{stderr}");
    assert_eq!(error.is_some(), output.stdout.is_empty());
    error.unwrap_or_default().to_owned()
}

fn a_blob(layout: &Path) -> std::path::PathBuf {
    let blobs = fs::read_dir(layout.join("blobs/sha256")).unwrap();
    let blobs = blobs.map(|blob| blob.unwrap().path());
    blobs.into_iter().find(|blob| fs::read(blob).unwrap().starts_with(b"layer")).unwrap()
}

#[test]
fn nothing_outside_of_a_layout_is_read() {
    assert_eq!(verified(|_| {}), "");
    let link_out = |layout: &Path, file: &Path| {
        let outside = layout.parent().unwrap().join("outside");
        fs::rename(file, &outside).unwrap();
        symlink(outside, file).unwrap();
    };
    let leads_out = "error: the file is a link that leads out of the layout";
    assert_eq!(verified(|layout| link_out(layout, &a_blob(layout))), leads_out);
    assert_eq!(verified(|layout| link_out(layout, &layout.join("index.json"))), leads_out);
    assert_eq!(verified(|layout| link_out(layout, &layout.join("blobs/sha256"))), leads_out);
    let pipe = |layout: &Path| {
        let blob = a_blob(layout);
        fs::remove_file(&blob).unwrap();
        assert!(Command::new("mkfifo").arg(&blob).status().unwrap().success());
    };
    assert_eq!(verified(pipe), "error: the file is not a regular file");
}

#[test]
fn a_verified_layout_is_complete() {
    let name = |content: &str| format!("blobs/sha256/{}", sha256(content.as_bytes()));
    let (layer, config) = ("layer of arm64", r#"{"architecture": "arm64"}"#);
    for part in [layer, config] {
        let error = verified(|layout| fs::remove_file(layout.join(name(part))).unwrap());
        assert_eq!(
            error,
            "error: the file is missing, but listed as the configuration or a layer of an image"
        );
    }
    let foreign = |layout: &Path| {
        fs::remove_file(layout.join(name(layer))).unwrap();
        let size = format!(r#""size": {}}}]"#, layer.len());
        replace(layout, &size, &size.replace("}]", r#", "urls": ["https://r.example/layer"]}]"#));
    };
    assert_eq!(verified(foreign), "");
}

#[test]
fn files_of_a_layout_are_what_they_are_referred_to_as() {
    let (index, manifest) = ("image.index.v1", "image.manifest.v1");
    let error = verified(|layout| relabel(layout, index, manifest));
    assert!(
        error.starts_with("error: the file is referred to as an image manifest, but has the `mediaType`"),
        "{error}"
    );
    // The configuration of the image is in the place of its index, or of its manifest.
    for (kind, called, missing) in
        [(index, "an image index", "manifests"), (manifest, "an image manifest", "config")]
    {
        let error = verified(|layout| {
            let config = r#"{"architecture": "arm64"}"#;
            let (digest, size) = (sha256(config.as_bytes()), config.len());
            let text = format!(
                r#"{{"manifests": [{{"mediaType": "application/vnd.oci.{kind}+json", "digest": "sha256:{digest}", "size": {size}}}]}}"#
            );
            fs::write(layout.join("index.json"), text).unwrap();
        });
        assert_eq!(error, format!("error: the file is referred to as {called}, but has no `{missing}`"));
    }
}

/// Replaces a text in `index.json`.
fn relabel(layout: &Path, old: &str, new: &str) {
    let index = fs::read_to_string(layout.join("index.json")).unwrap();
    fs::write(layout.join("index.json"), index.replace(old, new)).unwrap();
}

/// Replaces a text in all manifests, and the digests and sizes in the files that refer to them.
fn replace(layout: &Path, old: &str, new: &str) {
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let blobs = fs::read_dir(layout.join("blobs/sha256")).unwrap().map(|blob| blob.unwrap().path());
    let mut changes = vec![(old.to_owned(), new.to_owned())];
    let mut files: Vec<_> = blobs.filter(|blob| read(blob).starts_with(r#"{"schemaVersion""#)).collect();
    // A file that refers to others is changed after them.
    files.sort_by_key(|file| read(file).contains("manifests"));
    for file in files {
        let text = read(&file);
        let changed = changes.iter().fold(text.clone(), |text, (old, new)| text.replace(old, new));
        if changed != text {
            let of = |text: &str| format!(r#"{}", "size": {}"#, sha256(text.as_bytes()), text.len());
            fs::remove_file(&file).unwrap();
            fs::write(file.with_file_name(sha256(changed.as_bytes())), &changed).unwrap();
            changes.push((of(&text), of(&changed)));
        }
    }
    for (old, new) in changes {
        relabel(layout, &old, &new);
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    let large =
        |layout: &Path| fs::write(layout.join("index.json"), " ".repeat(4 * 1024 * 1024 + 1)).unwrap();
    assert_eq!(verified(large), "error: the file is larger than 4 MB, the limit of registries");
    let deep = |layout: &Path| {
        let mut text = fs::read_to_string(layout.join("index.json")).unwrap();
        for _ in 0..5 {
            let digest = sha256(text.as_bytes());
            fs::write(layout.join("blobs/sha256").join(&digest), &text).unwrap();
            let kind = "application/vnd.oci.image.index.v1+json";
            let size = text.len();
            text = format!(
                r#"{{"manifests": [{{"mediaType": "{kind}", "digest": "sha256:{digest}", "size": {size}}}]}}"#
            );
        }
        fs::write(layout.join("index.json"), text).unwrap();
    };
    assert_eq!(verified(deep), "error: the layout has more than 4 indexes within each other");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
