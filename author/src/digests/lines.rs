//! Lists of images: one reference or digest per line, such as the output of `crane digest`.

use std::collections::BTreeSet;

use hallpass_document::{Diagnostic, Position, sha256_from_hex};
use hallpass_workload::ImageReference;

use super::Image;

/// Reads a list of images. A line is empty, starts with `#`, or is `IMAGE@sha256:DIGEST` or `sha256:DIGEST`.
///
/// # Errors
/// The list has other lines. Returns one error for each.
pub fn lines(text: &str) -> Result<Vec<Image>, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut images, mut faults) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let written = line.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let before = line.chars().take_while(|c| c.is_whitespace()).count();
        let position = Position {
            line: at(index),
            column: at(before),
            width: u32::try_from(written.chars().count()).unwrap_or(0),
        };
        match image(written, position) {
            Ok(image) => images.push(image),
            Err(fault) => faults.push(fault.located(position)),
        }
    }
    if faults.is_empty() { Ok(images) } else { Err(faults) }
}

/// Converts an index to a number that counts from 1.
fn at(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

fn image(written: &str, position: Position) -> Result<Image, Diagnostic> {
    let fault = |message: String| Diagnostic::new(String::new(), message);
    if written.contains(char::is_whitespace) {
        let help =
            "write one `IMAGE@sha256:DIGEST` or `sha256:DIGEST` per line, and comments on separate lines";
        return Err(fault(format!("`{written}` is more than one word")).help(help));
    }
    let (repository, digest) = match written.split_once('@') {
        Some((_, digest)) => (Some(ImageReference::parse(written).path), digest),
        None => (None, written),
    };
    if repository == Some("") {
        return Err(fault(format!("`{written}` names no image")).help("write `IMAGE@sha256:DIGEST`"));
    }
    let Some(hex) = digest.strip_prefix("sha256:") else {
        return Err(match repository {
            None => fault(format!("`{written}` has no digest")).help(format!(
                "write `{written}@sha256:DIGEST`, with the digest that `crane digest {written}` prints"
            )),
            Some(_) => fault(format!("`{digest}` is not a SHA-256 digest"))
                .help("an allowlist can list no other digest: use the one that `crane digest` prints"),
        });
    };
    let Some(digest) = sha256_from_hex(hex) else {
        return Err(fault(format!("`{digest}` is not a SHA-256 digest"))
            .help("a digest is `sha256:` and 64 lower-case hex digits"));
    };
    Ok(Image {
        repository: repository.map(str::to_owned),
        digests: BTreeSet::from([digest]),
        position: Some(position),
    })
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn comments_and_blank_lines_are_skipped() {
        let hex = "ab".repeat(32);
        let text = format!("\u{feff}# agents\n\n  r.example:5000/a/b:1@sha256:{hex}\r\nsha256:{hex}\n");
        let images = lines(&text).unwrap();
        let found: Vec<_> = images
            .iter()
            .map(|image| (image.repository.as_deref(), image.position.map(|at| (at.line, at.column))))
            .collect();
        assert_eq!(found, [(Some("r.example:5000/a/b"), Some((3, 3))), (None, Some((4, 1)))]);
        assert!(images.iter().all(|image| image.digests.iter().eq([&[0xab; 32]])));
    }

    #[test]
    fn every_other_line_is_an_error() {
        let hex = "ab".repeat(32);
        for (line, message) in [
            ("r.example/a:1".to_owned(), "`r.example/a:1` has no digest".to_owned()),
            (
                format!("agent r.example/a@sha256:{hex}"),
                format!("`agent r.example/a@sha256:{hex}` is more than one word"),
            ),
            (format!("@sha256:{hex}"), format!("`@sha256:{hex}` names no image")),
            ("a@sha512:00".to_owned(), "`sha512:00` is not a SHA-256 digest".to_owned()),
            ("a@sha256:00".to_owned(), "`sha256:00` is not a SHA-256 digest".to_owned()),
            (
                format!("sha256:{}", hex.to_uppercase()),
                format!("`sha256:{}` is not a SHA-256 digest", hex.to_uppercase()),
            ),
        ] {
            let faults = lines(&format!("# list\n{line}\n")).unwrap_err();
            assert_eq!(faults.iter().map(|fault| &fault.message).collect::<Vec<_>>(), [&message]);
            assert_eq!(faults[0].position.map(|at| at.line), Some(2));
        }
    }
}
