//! Remarks on decisions that are left to a person.

/// A comment on a part of a generated allowlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// JSON pointer to the part.
    pub path: String,
    /// The comment, on one line.
    pub text: String,
}

/// Variables that make a process load other code. An allowlist permits any value of a variable.
pub const LOADERS: [&str; 28] = [
    // The dynamic linker and the C library.
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "GCONV_PATH",
    // Shells.
    "BASH_ENV",
    "ENV",
    // Interpreters and virtual machines.
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "LUA_INIT",
    "LUA_PATH",
    "LUA_CPATH",
    "PHP_INI_SCAN_DIR",
    "DOTNET_STARTUP_HOOKS",
    "CORECLR_PROFILER_PATH",
    // Libraries with modules.
    "OPENSSL_CONF",
    "OPENSSL_MODULES",
];

/// Host paths that give control of the node to a container that can write to them.
const POWERFUL: [&str; 4] = ["/", "/etc", "/root", "/var/lib/kubelet"];

/// Host paths with the sockets of container runtimes, which give control of the node even if they are read-only.
const SOCKETS: [&str; 5] = [
    "/run/containerd",
    "/run/containerd/containerd.sock",
    "/run/docker.sock",
    "/var/run/containerd/containerd.sock",
    "/var/run/docker.sock",
];

/// Whether a host path can give control of the node to a container that mounts it.
#[must_use]
pub fn is_powerful(host_path: &str) -> bool {
    POWERFUL.contains(&host_path) || is_socket(host_path)
}

/// Whether a host path has the socket of a container runtime, which a read-only mount does not protect.
#[must_use]
pub fn is_socket(host_path: &str) -> bool {
    SOCKETS.contains(&host_path)
}

/// Whether any value of the variable can make a process run other code.
pub(super) fn is_loader(variable: &str) -> bool {
    LOADERS.contains(&variable)
}

/// Whether the command contains a script, which must match byte for byte.
pub(super) fn is_script(command: &[&str]) -> bool {
    command.iter().any(|part| part.contains('\n'))
}
