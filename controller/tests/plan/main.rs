//! What a synchronizer installs and uninstalls.
#![cfg(test)]

mod laws;
