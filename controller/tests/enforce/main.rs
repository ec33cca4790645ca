//! What enforcement compiles, and the order in which it writes.

#[cfg(test)]
mod compilation;
#[cfg(test)]
mod order;
#[cfg(test)]
mod support;
