//! One file per suite.

mod conformance;
mod cpp;

use ecgrid_c_tests::runner::Suite;

/// In the order in which they run.
pub const ALL: &[(&str, Suite)] = &[("cpp", cpp::run), ("conformance", conformance::run)];
