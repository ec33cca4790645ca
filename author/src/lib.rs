//! Tools for those who write and review `WorkloadAllowlist` objects.

pub mod difference;
