//! What enforcement compiles, and the order in which it writes.
#![cfg(test)]

mod compilation;
mod order;
mod support;
