//! The metadata that Kubewarden reads before it runs a policy: a custom section of the module.

use std::io;

use wasm_encoder::{CustomSection, Module, RawSection};
use wasmparser::{Parser, Payload};

use crate::home;

/// The section's name.
pub const SECTION: &str = "io.kubewarden.metadata";

const TEMPLATE: &str = include_str!("../../kubewarden/metadata.json");

/// What `kwctl inspect` prints about the policy. `kwctl annotate` would add it in a second section.
const USAGE: &str = include_str!("../../kubewarden/README.md");

/// Returns the metadata as JSON, without indentation.
fn metadata(repository: &str) -> String {
    let text: String = home::fill(TEMPLATE, repository).lines().map(str::trim_start).collect();
    text.replace("{usage}", &escaped(USAGE))
}

/// Returns the content of a JSON string.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '"' | '\\' => escaped.extend(['\\', character]),
            character if character.is_control() => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            character => escaped.push(character),
        }
    }
    escaped
}

/// Returns the module with the metadata of this version and no other: readers take the first section.
///
/// # Errors
/// When the bytes are not a module.
pub(crate) fn with_metadata(module: &[u8]) -> io::Result<Vec<u8>> {
    let mut written = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        if matches!(&payload, Payload::CustomSection(section) if section.name() == SECTION) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let data = module.get(range).unwrap_or_default();
            written.section(&RawSection { id, data });
        }
    }
    written.section(&CustomSection {
        name: SECTION.into(),
        data: metadata(home::REPOSITORY).into_bytes().into(),
    });
    Ok(written.finish())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CustomSection, Module};
    use wasmparser::{Parser, Payload};

    use serde_json::Value;

    use super::{SECTION, USAGE, escaped, metadata, with_metadata};
    use crate::home::REPOSITORY;

    /// The custom sections of that name.
    fn sections<'m>(module: &'m [u8], name: &str) -> Vec<&'m [u8]> {
        let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
        let sections = payloads.filter_map(|payload| match payload {
            Payload::CustomSection(section) if section.name() == name => Some(section.data()),
            _ => None,
        });
        sections.collect()
    }

    #[test]
    fn a_module_has_the_metadata_once_however_often_they_are_written() {
        let mut module = Module::new();
        for (name, data) in [("a", b"b"), (SECTION, b"{")] {
            module.section(&CustomSection { name: name.into(), data: data.into() });
        }
        let once = with_metadata(&module.finish()).unwrap();
        assert_eq!(sections(&once, SECTION), [metadata(REPOSITORY).as_bytes()]);
        assert_eq!(sections(&once, "a"), [b"b"]);
        assert_eq!(with_metadata(&once).unwrap(), once);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\x01", b"\0asm\x01\0\0\0\x01\x05ab"] {
            assert!(with_metadata(bytes).is_err(), "{bytes:?}");
        }
    }

    /// The annotations that Artifact Hub reads, next to those of Kubewarden.
    #[test]
    fn the_metadata_name_the_repository_and_the_module_in_its_registry() {
        let annotations = |repository: &str| -> Value {
            let mut metadata: Value = serde_json::from_str(&metadata(repository)).unwrap();
            metadata["annotations"].take()
        };
        let github = annotations("https://github.com/Acme/hallpass");
        assert_eq!(github["io.kubewarden.policy.ociUrl"], "ghcr.io/acme/policies/hallpass");
        assert_eq!(github["io.kubewarden.policy.source"], "https://github.com/Acme/hallpass");
        assert_eq!(github["io.kubewarden.policy.url"], "https://github.com/Acme/hallpass");
        assert_eq!(github["io.kubewarden.policy.usage"], USAGE);
        assert_eq!(annotations("")["io.kubewarden.policy.ociUrl"], Value::Null);
        assert_eq!(annotations("")["io.kubewarden.policy.usage"], USAGE);
    }

    #[test]
    fn texts_are_escaped_as_json() {
        for text in [USAGE, "\"\\\n\r\t\0\u{7f}\u{85}é"] {
            let parsed: String = serde_json::from_str(&format!("\"{}\"", escaped(text))).unwrap();
            assert_eq!(parsed, text);
        }
    }
}
