//! One file per suite.

mod conformance;
mod cpp;
mod dotnet;
mod folder_service;
mod java;
mod stress;

use ecgrid_c_tests::runner::Suite;

/// In the order in which they run.
pub const ALL: &[(&str, Suite)] = &[
    ("cpp", cpp::run),
    ("dotnet", dotnet::run),
    ("java", java::run),
    ("folder_service", folder_service::run),
    ("conformance", conformance::run),
    ("stress", stress::run),
];
