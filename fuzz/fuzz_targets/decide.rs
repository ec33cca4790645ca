//! Documents of a file: the allowlists and the profile among them are in force, the others are judged.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hallpass_fuzz::decide::check(bytes));
