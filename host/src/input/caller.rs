//! The command that reads the inputs: help lines name only options that it has.

/// A command that builds charts or kustomizations, or reads allowlists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Check,
    Generate,
    Diff,
    Mirror,
    Test,
    Compile,
    Render,
}

impl Caller {
    /// Whether the command builds folders that the user names. A built manifest has no file that could be rewritten.
    pub(super) fn builds(self) -> bool {
        self != Caller::Mirror
    }

    /// Says why a chart in a searched folder is an error.
    pub(super) fn chart(self) -> &'static str {
        match self {
            Caller::Mirror => "the templates of a Helm chart cannot be rewritten",
            _ => "the templates of a Helm chart are not checked one by one",
        }
    }

    /// Adds a command that passes the output of a program on, if there is one that does.
    pub(super) fn or_pipe(self, advice: &str, by_hand: &str) -> String {
        match self.pipe(by_hand) {
            Some(pipe) => format!("{advice}, or run `{pipe}`"),
            None => advice.to_owned(),
        }
    }

    /// Says what to do if no program can build a folder.
    pub(super) fn without_program(self, by_hand: &str) -> String {
        let advice = self.or_pipe("install it", by_hand);
        match self {
            Caller::Check => {
                format!("{advice} where it is installed; `--no-render` checks the files as they are")
            }
            Caller::Generate | Caller::Mirror | Caller::Compile | Caller::Render => {
                format!("{advice} where it is installed")
            }
            Caller::Diff => {
                format!(
                    "{advice}, or write the output of `{by_hand}` to a file for each version, and compare the files"
                )
            }
            Caller::Test => format!("{advice}: `hallpass test` renders charts with it"),
        }
    }

    /// Says how to read manifests that a program must print first.
    pub(super) fn built_manifests(self, by_hand: &str) -> String {
        self.as_files(match self.pipe(by_hand) {
            Some(pipe) => format!("run `{pipe}`"),
            None => format!("write the output of `{by_hand}` to a file, and name that file"),
        })
    }

    /// Says how to read allowlists that a program must print first.
    pub(super) fn built_allowlists(self, by_hand: &str) -> String {
        match self {
            Caller::Check => format!(
                "pipe the output of `{by_hand}` to `--allowlists -`, or add `--no-render` to read the files as they are"
            ),
            Caller::Generate
            | Caller::Diff
            | Caller::Mirror
            | Caller::Test
            | Caller::Compile
            | Caller::Render => {
                format!("write the output of `{by_hand}` to a file, and name that file")
            }
        }
    }

    /// Says how to build a folder.
    pub(super) fn build(self, folder: &str) -> String {
        match self {
            Caller::Diff => format!("name `{folder}` on the command line, and hallpass builds it"),
            _ => {
                let name = self.name();
                self.as_files(format!("run `hallpass {name} {folder}`, which builds it"))
            }
        }
    }

    fn as_files(self, advice: String) -> String {
        match self {
            Caller::Check => format!("{advice}, or add `--no-render` to check the files as they are"),
            Caller::Generate
            | Caller::Diff
            | Caller::Mirror
            | Caller::Test
            | Caller::Compile
            | Caller::Render => advice,
        }
    }

    fn pipe(self, by_hand: &str) -> Option<String> {
        matches!(self, Caller::Check | Caller::Generate | Caller::Mirror)
            .then(|| format!("{by_hand} | hallpass {} -", self.name()))
    }

    fn name(self) -> &'static str {
        match self {
            Caller::Check => "check",
            Caller::Generate => "generate",
            Caller::Diff => "diff",
            // The registry is required.
            Caller::Mirror => "mirror --registry HOST/PREFIX",
            Caller::Test => "test",
            Caller::Compile => "compile",
            Caller::Render => "render",
        }
    }
}
