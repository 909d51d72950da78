//! One file per suite.

mod conformance;

use ecgrid_c_tests::runner::Suite;

/// In the order in which they run.
pub const ALL: &[(&str, Suite)] = &[("conformance", conformance::run)];
