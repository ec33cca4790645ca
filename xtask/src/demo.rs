//! `cargo xtask demo`: the examples, judged step by step.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::workspace::{build, cannot_start, root};

struct Step {
    says: &'static str,
    file: &'static str,
    exit: i32,
}

const STEPS: [Step; 4] = [
    Step {
        says: "A partner's agent needs what Autopilot forbids. The allowlist that its label names exempts it:",
        file: "examples/agent.yaml",
        exit: 0,
    },
    Step {
        says: "The next version adds a variable and a path of the node. The installed allowlist has neither:",
        file: "examples/agent-upgraded.yaml",
        exit: 1,
    },
    Step {
        says: "The image comes from a private mirror. Its digest is on the allowlist, so it passes all the same:",
        file: "examples/agent-mirrored.yaml",
        exit: 0,
    },
    Step {
        says: "An ordinary Deployment breaks no constraint and needs no allowlist:",
        file: "examples/web.yaml",
        exit: 0,
    },
];

pub(crate) fn run() -> Result<()> {
    // A debug build starts to talk minutes earlier than one with link-time optimization.
    let hallpass = build("dev")?;
    for Step { says, file, exit } in STEPS {
        let arguments = ["check", file, "--allowlists", "examples/allowlists"];
        println!("\n{says}\n\n$ hallpass {}\n", arguments.join(" "));
        let status = Command::new(&hallpass).args(arguments).current_dir(root()).status();
        let status = status.map_err(|error| cannot_start("hallpass", &error))?;
        if status.code() != Some(exit) {
            return Err(Failure::new(format!("this step ended with {status}, not with exit code {exit}"))
                .help("`cargo test --package hallpass examples` shows what has changed"));
        }
    }
    println!("\n`hallpass check --help` has the rest.");
    Ok(())
}
