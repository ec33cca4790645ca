//! What Kubewarden reads of a policy before it runs it: a custom section of the module.

use std::io;

/// The section's name.
pub const SECTION: &str = "io.kubewarden.metadata";

const TEMPLATE: &str = include_str!("../metadata.json");

/// The magic number and the version, before the sections.
const HEADER: usize = 8;

/// The metadata, as JSON without the indentation.
fn metadata() -> String {
    let text: String = TEMPLATE.lines().map(str::trim_start).collect();
    text.replace("{version}", env!("CARGO_PKG_VERSION"))
}

/// The module with the metadata of this version, and no other: readers take the first that they find.
///
/// # Errors
/// When the bytes are no module.
pub(crate) fn with_metadata(module: &[u8]) -> io::Result<Vec<u8>> {
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "not a Wasm module");
    let (header, mut rest) = module.split_at_checked(HEADER).ok_or_else(broken)?;
    let mut written = header.to_vec();
    while !rest.is_empty() {
        let (section, next) = split_section(rest).ok_or_else(broken)?;
        if section.name() != Some(SECTION.as_bytes()) {
            written.extend(section.bytes);
        }
        rest = next;
    }
    let mut content = length(SECTION.len());
    content.extend(SECTION.bytes());
    content.extend(metadata().bytes());
    written.push(CUSTOM);
    written.extend(length(content.len()));
    written.extend(content);
    Ok(written)
}

/// The id of custom sections.
const CUSTOM: u8 = 0;

struct Section<'m> {
    bytes: &'m [u8],
    content: &'m [u8],
}

impl<'m> Section<'m> {
    fn name(&self) -> Option<&'m [u8]> {
        if self.bytes.first() != Some(&CUSTOM) {
            return None;
        }
        let (length, rest) = split_number(self.content)?;
        rest.get(..length)
    }
}

/// The first section, and what follows it.
fn split_section(bytes: &[u8]) -> Option<(Section<'_>, &[u8])> {
    let (length, content) = split_number(bytes.get(1..)?)?;
    let (content, next) = content.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - next.len())?;
    Some((Section { bytes: whole, content }, next))
}

/// An unsigned number in LEB128.
fn split_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    None
}

fn length(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{HEADER, SECTION, metadata, split_section, with_metadata};

    /// The contents of the sections with our name.
    fn sections(module: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = &module[HEADER..];
        while !rest.is_empty() {
            let (section, next) = split_section(rest).unwrap();
            if section.name() == Some(SECTION.as_bytes()) {
                found.push(String::from_utf8(section.content[1 + SECTION.len()..].to_vec()).unwrap());
            }
            rest = next;
        }
        found
    }

    #[test]
    fn a_module_has_the_metadata_once_however_often_they_are_written() {
        // An empty module with a custom section `a`, and one of ours with other content.
        let mut module = b"\0asm\x01\0\0\0\0\x03\x01ab\0\x18\x16".to_vec();
        module.extend(SECTION.bytes());
        module.push(b'{');
        assert_eq!(sections(&module), ["{"]);
        let once = with_metadata(&module).unwrap();
        assert_eq!(sections(&once), [metadata()]);
        assert!(once.windows(5).any(|window| window == b"\0\x03\x01ab"));
        assert_eq!(with_metadata(&once).unwrap(), once);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\x01", b"\0asm\x01\0\0\0\x01\x05ab"] {
            assert!(with_metadata(bytes).is_err(), "{bytes:?}");
        }
    }
}
