//! Parts of SARIF files that a JSON Schema does not describe.

/// Returns a plain text message without its links, and the links: the text, and the target.
pub(crate) fn links(message: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut links) = (String::new(), Vec::new());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        rest = match link(after) {
            Some((label, target, rest)) => {
                text.push_str(&label);
                links.push((label, target));
                rest
            }
            None => {
                text.push('[');
                after
            }
        };
    }
    text.push_str(rest);
    (text, links)
}

/// Returns the text and the target of a link, `text](target)`, and what follows. A backslash escapes brackets.
fn link(after_bracket: &str) -> Option<(String, String, &str)> {
    let mut label = String::new();
    let mut letters = after_bracket.chars();
    loop {
        match letters.next()? {
            '\\' => label.push(letters.next()?),
            '[' => return None,
            ']' => {
                let (target, rest) = letters.as_str().strip_prefix('(')?.split_once(')')?;
                return Some((label, target.to_owned(), rest));
            }
            c => label.push(c),
        }
    }
}

/// Decodes the path of a URI, and checks its characters.
pub(crate) fn path(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.strip_prefix("file://").unwrap_or(uri).bytes();
    while let Some(byte) = rest.next() {
        assert!(byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte), "{uri}");
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
