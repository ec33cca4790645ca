//! Entries of an allowlist's list and a text, separated by the byte 0xFF.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hallpass_fuzz::patterns::check(bytes));
