//! Reads any bytes as manifests.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hallpass_fuzz::reader::check(bytes));
