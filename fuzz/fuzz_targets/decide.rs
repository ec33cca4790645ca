//! Documents of a file: loads the allowlists and the profile among them, and evaluates the others.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hallpass_fuzz::decide::check(bytes));
