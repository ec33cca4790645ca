//! Commands that replace what they read take regular files only.

use std::fs::{self, OpenOptions};
use std::process::{Command, Stdio};

use crate::support::hallpass;

const DIGEST: &str = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

/// Each `FILE` is the one to replace, and `images.txt` and `pod.yaml` are other inputs.
const COMMANDS: [&str; 5] = [
    "lint --fix FILE",
    "mirror --registry mirror.example --write FILE",
    "digests FILE --from images.txt --write",
    "generate pod.yaml --from FILE -o FILE",
    "test --update FILE",
];

#[test]
fn an_open_file_or_a_pipe_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: a, image: \
         'a.example/b@sha256:{DIGEST}'}}]}}\n"
    );
    fs::write(&path, &text).unwrap();
    fs::write(folder.path().join("pod.yaml"), &text).unwrap();
    fs::write(folder.path().join("images.txt"), format!("sha256:{DIGEST}\n")).unwrap();
    let pipe = folder.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for command in COMMANDS {
        for file in ["-", "/dev/stdin", "/dev/fd/0", "pipe.yaml"] {
            if (command.starts_with("test") || command.starts_with("generate")) && file == "-" {
                continue;
            }
            let stdin = OpenOptions::new().read(true).append(true).open(&path).unwrap();
            let arguments = command.replace("FILE", file);
            let mut hallpass = hallpass();
            hallpass.current_dir(folder.path()).stdin(Stdio::from(stdin)).args(arguments.split(' '));
            let output = hallpass.output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{arguments}: {stderr}");
            assert!(stderr.contains(&format!(" replaces files, but `{file}` is ")), "{arguments}: {stderr}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text, "{arguments}");
        }
    }
}
