//! The file that the input `sarif` names: the action writes no other, deletes nothing, and never passes off an old report as
//! new.

use std::fs;
use std::os::unix::fs::symlink;

use super::job::Job;
use super::{stdout, with_hallpass};

/// The job ends with 2 before hallpass runs, and has no other outputs.
#[track_caller]
fn assert_refused(job: &Job, message: &str) {
    let ran = job.run();
    let printed = stdout(&ran["Check the workloads"]);
    assert!(printed.starts_with("::error title=hallpass::"), "{printed}");
    assert!(printed.contains(message) && printed.lines().count() == 1, "{printed}");
    assert!(job.calls("hallpass").is_empty());
    assert_eq!((job.output("exit-code").as_str(), job.output("sarif").as_str()), ("2", ""));
    assert_eq!(ran["Report the result"].status.code(), Some(2));
}

fn naming(sarif: &'static str) -> Job {
    let mut job = Job::denying("| table |\n");
    job.inputs.insert("sarif", sarif);
    job
}

#[test]
fn a_file_that_is_not_a_report_of_hallpass_is_kept() {
    for (name, message) in [
        ("dd/bad.yaml", "must end in `.sarif`"),
        (".hallpass.yaml", "must end in `.sarif`"),
        ("other.sarif", "hallpass did not write"),
    ] {
        let job = naming(name);
        fs::create_dir(job.path("work/dd")).unwrap();
        let file = job.path("work").join(name);
        let other = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "other"}}}]}"#;
        fs::write(&file, other).unwrap();
        assert_refused(&job, message);
        assert_eq!(fs::read_to_string(&file).unwrap(), other);
    }
    let job = naming("folder.sarif");
    fs::create_dir(job.path("work/folder.sarif")).unwrap();
    assert_refused(&job, "hallpass did not write");
}

#[test]
fn a_path_that_leads_out_of_the_workspace_is_refused() {
    for name in
        ["link/a.sarif", "../outside/a.sarif", "/tmp/a.sarif", "work/../link/a.sarif", "missing/a.sarif"]
    {
        let job = naming(name);
        fs::create_dir(job.path("outside")).unwrap();
        fs::create_dir(job.path("work/work")).unwrap();
        symlink("../outside", job.path("work/link")).unwrap();
        assert_refused(&job, "existing folder of the workspace");
        assert_eq!(fs::read_dir(job.path("outside")).unwrap().count(), 0);
    }
    // A folder whose name starts like the one of the workspace is another.
    let job = naming("../work-2/a.sarif");
    fs::create_dir(job.path("work-2")).unwrap();
    assert_refused(&job, "existing folder of the workspace");
    let job = naming("link.sarif");
    symlink("../bashrc", job.path("work/link.sarif")).unwrap();
    assert_refused(&job, "is a link");
    assert!(!job.path("bashrc").exists());
    let job = naming("link/a.sarif");
    fs::create_dir(job.path("work/inside")).unwrap();
    symlink("inside", job.path("work/link")).unwrap();
    job.run();
    assert_eq!(job.output("sarif"), "link/a.sarif");
}

#[test]
fn a_line_break_adds_no_output() {
    for name in ["sarif", "gke-version", "config"] {
        for value in ["x.sarif\nexit-code=0", "x.sarif\r", "x.sarif\n", "\nexit-code=0\nx.sarif"] {
            let mut job = Job::denying("");
            job.inputs.insert(name, value);
            assert_refused(&job, &format!("`{name}` contains a line break"));
        }
    }
}

#[test]
fn a_report_of_hallpass_is_replaced() {
    let mut job = with_hallpass();
    job.inputs.insert("sarif", "-o hallpass.sarif");
    job.run();
    assert_eq!(job.output("sarif"), "-o hallpass.sarif");
    let denied = job.read("work/-o hallpass.sarif");
    assert!(denied.contains("agent-upgraded.yaml"));

    fs::write(job.path("output"), "").unwrap();
    fs::copy(crate::support::repository().join("examples/agent.yaml"), job.path("work/agent.yaml")).unwrap();
    job.inputs.insert("paths", "agent.yaml");
    job.run();
    assert_eq!((job.output("exit-code").as_str(), job.output("sarif").as_str()), ("0", "-o hallpass.sarif"));
    let admitted = job.read("work/-o hallpass.sarif");
    assert!(!admitted.is_empty() && admitted != denied);
}

/// Neither through the output nor by its name.
#[test]
fn an_old_report_is_not_uploaded() {
    for version in ["none", "1.34\n"] {
        let mut job = with_hallpass();
        job.inputs.insert("sarif", "hallpass.sarif");
        job.run();
        assert!(job.path("work/hallpass.sarif").exists());
        fs::write(job.path("output"), "").unwrap();
        job.inputs.insert("gke-version", version);
        job.run();
        assert_eq!((job.output("exit-code").as_str(), job.output("sarif").as_str()), ("2", ""));
        assert!(!job.path("work/hallpass.sarif").exists());
    }
}

/// hallpass itself sees the file that it would replace.
#[test]
fn a_report_that_is_also_an_input_is_invalid_usage() {
    let mut job = with_hallpass();
    job.inputs.insert("sarif", "hallpass.sarif");
    job.run();
    fs::write(job.path("output"), "").unwrap();
    job.inputs.insert("paths", "agent-upgraded.yaml\nhallpass.sarif");
    let ran = job.run();
    let stderr = String::from_utf8_lossy(&ran["Check the workloads"].stderr);
    assert!(stderr.contains("`hallpass.sarif` is read, and a report would overwrite it"), "{stderr}");
    assert_eq!((job.output("exit-code").as_str(), job.output("sarif").as_str()), ("2", ""));
}
