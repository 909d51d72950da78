//! What runners of test programs share: a staged library, compilers, sandboxes, and the counting.

pub mod compile;
pub mod context;
pub mod machine;
pub mod parallel;
pub mod program;
mod race_library;
pub mod report;
pub mod runner;
pub mod servers;
pub mod service;
pub mod stage;
pub mod tunnel;
pub mod windows_trust;
