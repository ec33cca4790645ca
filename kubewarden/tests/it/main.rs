//! Tests of the answers. Each module is marked as a test, for the lints that allow panics only in tests.

#[cfg(test)]
mod laws;
