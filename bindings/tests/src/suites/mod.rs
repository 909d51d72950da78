//! One file per suite.

mod conformance;
mod cpp;
mod java;
mod stress;

use ecgrid_c_tests::runner::Suite;

/// In the order in which they run.
pub const ALL: &[(&str, Suite)] =
    &[("cpp", cpp::run), ("java", java::run), ("conformance", conformance::run), ("stress", stress::run)];
