//! Extracts Unicode data from regex-syntax, in the format that `src/unicode/data.rs` reads.

#[path = "src/unicode/names.rs"]
mod names;

use std::error::Error;
use std::path::PathBuf;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/unicode/names.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(folder.join("unicode-groups.bin"), write_groups()?)?;
    std::fs::write(folder.join("unicode-cases.bin"), write_cases()?)?;
    Ok(())
}

fn group(name: &str) -> Result<ClassUnicode> {
    if name == "Cs" {
        // Texts contain no surrogates, and regex-syntax does not support them.
        return Ok(ClassUnicode::empty());
    }
    let property = if names::CATEGORIES.contains(&name) { "gc" } else { "sc" };
    match regex_syntax::parse(&format!(r"\p{{{property}={name}}}"))?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Ok(class),
        // A group with one character becomes a literal.
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0)?;
            Ok(ClassUnicode::new(text.chars().map(|c| ClassUnicodeRange::new(c, c))))
        }
        other => Err(format!("`{name}` is not a group: {other:?}").into()),
    }
}

/// Returns all cases of a character, sorted.
fn cases(c: char) -> Result<Vec<char>> {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    class.try_case_fold_simple()?;
    Ok(class.iter().flat_map(|range| range.start()..=range.end()).collect())
}

/// Seven bits per byte, the most significant first; the eighth bit is set in all bytes but the last.
fn write_number(bytes: &mut Vec<u8>, number: u32) {
    for shift in [28, 21, 14, 7] {
        if number >> shift > 0 {
            bytes.push(0x80 | (number >> shift & 0x7f) as u8);
        }
    }
    bytes.push((number & 0x7f) as u8);
}

fn write_range(bytes: &mut Vec<u8>, end: &mut u32, low: u32, high: u32) {
    write_number(bytes, low - *end);
    write_number(bytes, high - low);
    *end = high + 1;
}

/// For each group, its length in bytes, then its ranges.
fn write_groups() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for name in names::stored() {
        let mut ranges = Vec::new();
        let mut end = 0;
        for range in group(name)?.ranges() {
            write_range(&mut ranges, &mut end, u32::from(range.start()), u32::from(range.end()));
        }
        write_number(&mut bytes, u32::try_from(ranges.len())?);
        bytes.extend(ranges);
    }
    Ok(bytes)
}

/// Runs of characters whose next case has the same distance.
fn write_cases() -> Result<Vec<u8>> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for c in '\0'..=char::MAX {
        let cases = cases(c)?;
        let after = cases.iter().skip_while(|case| **case != c).nth(1).or(cases.first());
        let (code, next) = (u32::from(c), u32::from(*after.ok_or("a character is a case of itself")?));
        let distance = if next < code { (code - next) * 2 + 1 } else { (next - code) * 2 };
        match runs.last_mut() {
            _ if distance == 0 => {}
            Some((_, high, same)) if *high + 1 == code && *same == distance => *high = code,
            _ => runs.push((code, code, distance)),
        }
    }
    let mut bytes = Vec::new();
    let mut end = 0;
    for (low, high, distance) in runs {
        write_range(&mut bytes, &mut end, low, high);
        write_number(&mut bytes, distance);
    }
    Ok(bytes)
}
