//! The containers to which an image belongs.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, listed, nearest};
use hallpass_policy::Allowlist;

/// Returns the names of the containers whose `image` an image matches. Several can have the same one.
///
/// # Errors
/// No container matches, or containers with different `image`s do. The error has no path.
pub fn owners<'a>(allowlist: &Allowlist<'a>, repository: &str) -> Result<Vec<&'a str>, Diagnostic> {
    let mut matching: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for container in &allowlist.containers {
        let Some(image) = container.image.as_ref().filter(|image| image.matcher.matches(repository)) else {
            continue;
        };
        let names = matching.entry(image.text).or_default();
        if !names.contains(&container.name) {
            names.push(container.name);
        }
    }
    let mut found = matching.iter();
    match (found.next(), found.next()) {
        (Some((_, names)), None) => Ok(names.clone()),
        (None, _) => {
            let message =
                format!("`{repository}` matches the `image` of no container in `{}`", allowlist.name);
            Err(Diagnostic::new(String::new(), message)
                .help(format!("name its container: {}", options(allowlist))))
        }
        _ => {
            let each = matching.iter().map(|(text, names)| format!("`{text}` of {}", quoted(names)));
            let message = format!("`{repository}` matches different images: {}", listed(each, "and"));
            Err(Diagnostic::new(String::new(), message)
                .help(format!("name its container: {}", options(allowlist))))
        }
    }
}

/// Returns the name of a container as the allowlist has it.
///
/// # Errors
/// No container has this name. The error has no path.
pub fn named<'a>(allowlist: &Allowlist<'a>, name: &str) -> Result<&'a str, Diagnostic> {
    let mut names = allowlist.containers.iter().map(|container| container.name);
    if let Some(found) = names.find(|found| *found == name) {
        return Ok(found);
    }
    let message = format!("`{}` has no container `{name}`", allowlist.name);
    let near = nearest(name, allowlist.containers.iter().map(|container| container.name));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name one of its containers: {}", options(allowlist)),
    };
    Err(Diagnostic::new(String::new(), message).help(help))
}

fn options(allowlist: &Allowlist<'_>) -> String {
    let mut names: Vec<&str> = allowlist.containers.iter().map(|container| container.name).collect();
    names.dedup();
    listed(names.iter().map(|name| format!("`--container {name}`")), "or")
}

fn quoted(names: &[&str]) -> String {
    listed(names.iter().map(|name| format!("`{name}`")), "and")
}
