//! What a human should decide.

/// A comment on a part of a generated allowlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// JSON pointer to the part.
    pub path: String,
    /// The comment, on one line.
    pub text: String,
}

/// Variables that make a process load other code: an allowlist permits any value.
pub const LOADERS: [&str; 8] = [
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "PYTHONPATH",
    "NODE_OPTIONS",
    "JAVA_TOOL_OPTIONS",
    "BASH_ENV",
    "GCONV_PATH",
];

/// Whether any value of the variable can make a process run other code.
pub(super) fn is_loader(variable: &str) -> bool {
    LOADERS.contains(&variable)
}

/// Whether the command contains a script, which must match byte for byte.
pub(super) fn is_script(command: &[&str]) -> bool {
    command.iter().any(|part| part.contains('\n'))
}
