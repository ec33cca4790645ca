//! Pitfalls of docs/semantics.md: text in an allowlist that looks as if it matched, but does not.

use hallpass_document::Value;
use hallpass_policy::pattern::{is_pattern, matcher};
use hallpass_policy::{Mismatch, Rule};
use hallpass_workload::ImageReference;
use hallpass_workload::{Container, VolumeSource};

use crate::pairing::{Pairing, below, entry_of, index_of};

/// The maximum number of entries of one list that are searched for a pitfall.
const MOST: usize = 1000;

/// The reason why a mismatch surprises its reader.
pub(crate) struct Pitfall {
    /// The explanation.
    pub(crate) message: String,
    /// The text that its author likely intended, if that would match.
    pub(crate) meant: Option<String>,
    /// Whether no change of the workload, or only a nonsensical one, resolves the mismatch.
    pub(crate) in_allowlist: bool,
}

impl Pairing<'_, '_> {
    /// Returns the pitfall that is the reason of a mismatch.
    pub(crate) fn pitfall(&self, mismatch: &Mismatch) -> Option<Pitfall> {
        let theirs = mismatch.allowlist_path.as_deref()?;
        if mismatch.rule == Rule::M12 {
            return self.of_volume(mismatch, theirs);
        }
        let own = entry_of(theirs)?;
        let (container, field) = self.container(&mismatch.path)?;
        match mismatch.rule {
            Rule::M5 => image(container, self.text(&format!("{own}/image"))?),
            Rule::M6 if field.starts_with("/args") => literal_pattern(
                self.texts(&format!("{own}/args"), None),
                container.args.get(index_of(field)?)?,
            ),
            Rule::M6 => self.command(&format!("{own}/command"), &container.command, "command"),
            Rule::M7 if field.starts_with("/env/") => literal_pattern(
                self.texts(&format!("{own}/env"), Some("name")),
                mismatch.workload.as_deref()?,
            ),
            Rule::M8 => {
                let handlers = &mut container.handlers.iter();
                let handler =
                    handlers.find(|handler| below(field, &format!("/{}", handler.on.field())).is_some())?;
                let list = format!("{own}/{}/exec/command", handler.on.field());
                self.command(&list, &handler.command, "exec.command")
            }
            Rule::M9 => self.capability(mismatch, own, container),
            Rule::M11 => {
                let index = index_of(field)?;
                let mount = container.mounts.iter().find(|mount| mount.index == index)?;
                let mounts = self.items(&format!("{own}/volumeMounts"));
                let same_name = mounts
                    .iter()
                    .take(MOST)
                    .filter(|entry| entry.get("name").and_then(Value::as_str) == Some(mount.name));
                let mut paths = same_name.filter_map(|entry| entry.get("mountPath")?.as_str());
                // If a path is equal, the mismatch is about another field.
                let is_elsewhere = paths.clone().any(|path| path == mount.mount_path);
                paths
                    .find_map(|path| literal_path("mountPath", path, mount.mount_path))
                    .filter(|_| !is_elsewhere)
            }
            _ => None,
        }
    }

    fn of_volume(&self, mismatch: &Mismatch, theirs: &str) -> Option<Pitfall> {
        let volume = self.volume(&mismatch.path)?;
        match volume.source {
            VolumeSource::HostPath(path) if theirs.ends_with("/hostPath/path") => {
                literal_path("hostPath.path", self.text(theirs)?, path)
            }
            VolumeSource::ConfigMap { .. }
                if self.theirs(theirs).is_none() && theirs.ends_with("/defaultMode") =>
            {
                pitfall("an allowlist without `configMap.defaultMode` accepts only 0644")
            }
            _ if theirs == "/matchingCriteria/volumes" => {
                let mut names = self.texts(theirs, Some("name"));
                names.find_map(|name| no_pattern("the name of a volume", name, volume.name))
            }
            _ => None,
        }
    }

    /// Returns the pitfall of a command with patterns that would match.
    fn command(&self, list: &str, command: &[&str], field: &str) -> Option<Pitfall> {
        let texts: Vec<&str> = self.texts(list, None).collect();
        let mut pairs = texts.iter().zip(command);
        let matches =
            texts.len() == command.len() && pairs.all(|(text, item)| text == item || fits(text, item));
        let pattern = texts.iter().find(|text| is_pattern(text)).filter(|_| matches)?;
        in_allowlist(pitfall(&format!(
            "`{field}` has no patterns, so `{pattern}` is compared as text; only `args` has patterns"
        )))
    }

    fn capability(&self, mismatch: &Mismatch, own: &str, container: &Container<'_>) -> Option<Pitfall> {
        let list = format!("{own}/securityContext/capabilities/add");
        let (whose, has_all) = if mismatch.path.ends_with("/capabilities/drop") {
            ("the workload", container.dropped_capabilities.contains(&"ALL"))
        } else {
            ("the allowlist", self.texts(&list, None).any(|name| name == "ALL"))
        };
        has_all.then(|| {
            pitfall(&format!(
                "names of capabilities are compared as text: `ALL` of {whose} includes no other"
            ))
        })?
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.theirs(pointer)?.as_str()
    }

    /// Returns the strings of a list, or those at a key of its items.
    fn texts<'t>(&'t self, list: &str, key: Option<&'t str>) -> impl Iterator<Item = &'t str> {
        self.items(list).iter().take(MOST).filter_map(move |item| match key {
            Some(key) => item.get(key)?.as_str(),
            None => item.as_str(),
        })
    }
}

fn pitfall(message: &str) -> Option<Pitfall> {
    Some(Pitfall { message: message.to_owned(), meant: None, in_allowlist: false })
}

/// Marks a pitfall that only a change of the allowlist avoids.
fn in_allowlist(pitfall: Option<Pitfall>) -> Option<Pitfall> {
    Some(Pitfall { in_allowlist: true, ..pitfall? })
}

fn meant(message: String, meant: String) -> Option<Pitfall> {
    Some(Pitfall { message, meant: Some(meant), in_allowlist: false })
}

/// Whether a pattern matches.
fn fits(pattern: &str, text: &str) -> bool {
    is_pattern(pattern) && matcher([pattern]).is_ok_and(|matcher| matcher.matches(text))
}

/// Returns the pitfall of an entry that is not a pattern, because an anchor is missing, or whose `.` stops at a line break.
fn literal_pattern<'t>(mut entries: impl Iterator<Item = &'t str>, text: &str) -> Option<Pitfall> {
    entries.find_map(|entry| unanchored(entry, text).or_else(|| line_break(entry, text)))
}

fn unanchored(entry: &str, text: &str) -> Option<Pitfall> {
    let whole = anchored(entry)?;
    let missing = match (entry.starts_with('^'), entry.ends_with('$')) {
        (true, _) => "has no `$` at its end",
        (_, true) => "has no `^` at its start",
        _ => "has no `^` at its start and no `$` at its end",
    };
    fits(&whole, text).then(|| {
        meant(format!("`{entry}` {missing}, so it is compared as text: a pattern is `{whole}`"), whole)
    })?
}

/// Adds the missing anchors to a text that is likely intended as a pattern.
fn anchored(entry: &str) -> Option<String> {
    let is_meant =
        entry.starts_with('^') || entry.ends_with('$') || entry.contains(['*', '+', '[', '(', '|', '\\']);
    let inner = entry.strip_prefix('^').unwrap_or(entry);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    (is_meant && !is_pattern(entry)).then(|| format!("^{inner}$"))
}

fn line_break(entry: &str, text: &str) -> Option<Pitfall> {
    let inner = entry.strip_prefix('^')?.strip_suffix('$').filter(|inner| inner.contains('.'))?;
    let whole = format!("^(?s:{inner})$");
    (text.contains('\n') && fits(&whole, text))
        .then(|| meant(format!("`.` in `{entry}` stops at a line break, unlike in `{whole}`"), whole))?
}

fn image(container: &Container<'_>, entry: &str) -> Option<Pitfall> {
    let image = container.image.filter(|image| image.digest.is_none())?;
    if let Some(pitfall) = unanchored(entry, image.path) {
        return Some(pitfall);
    }
    let pattern = if is_pattern(entry) { entry.to_owned() } else { anchored(entry).unwrap_or_default() };
    if fits(&pattern, image.full) {
        let untagged = pattern.rsplit_once(':').map(|(path, _)| format!("{path}$"));
        let whole = untagged.filter(|path| fits(path, image.path)).unwrap_or_else(|| image.path.to_owned());
        let message = format!(
            "a pattern is compared with the image without its tag, `{}`: write `{whole}`",
            image.path
        );
        return in_allowlist(meant(message, whole));
    }
    let theirs = ImageReference::parse(entry);
    if theirs.path == image.path && theirs.digest.is_none() {
        let message =
            format!("an entry with a tag matches only exactly `{entry}`: without it, it matches every tag");
        return meant(message, image.path.to_owned());
    }
    let same = theirs.full == theirs.path && on_docker_hub(theirs.path) == on_docker_hub(image.path);
    same.then(|| {
        pitfall(&format!(
            "`{}` and `{entry}` are compared as text, although they are the same image",
            image.path
        ))
    })?
}

/// Completes an image of Docker Hub, as container runtimes do.
fn on_docker_hub(path: &str) -> String {
    match path.split_once('/') {
        None => format!("docker.io/library/{path}"),
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => path.to_owned(),
        Some(_) => format!("docker.io/{path}"),
    }
}

/// Returns the pitfall of a path that would be equal or match if it were not compared as text.
fn literal_path(field: &str, entry: &str, path: &str) -> Option<Pitfall> {
    if entry == path {
        return None;
    }
    if entry.trim_end_matches('/') == path.trim_end_matches('/') {
        return pitfall(&format!("paths are compared as text: `{entry}` is not `{path}`"));
    }
    let folder = entry.trim_end_matches('*').strip_suffix('/').filter(|_| entry.ends_with('*'));
    if folder.is_some_and(|folder| below(path, folder).is_some()) {
        return in_allowlist(pitfall(&format!("`{field}` has no wildcards: `{entry}` is compared as text")));
    }
    no_pattern(&format!("`{field}`"), entry, path)
}

fn no_pattern(subject: &str, entry: &str, text: &str) -> Option<Pitfall> {
    let message = format!("{subject} is never a pattern: `{entry}` is compared as text");
    fits(entry, text).then(|| in_allowlist(pitfall(&message)))?
}
