//! One file per suite.

use ecgrid_c_tests::runner::Suite;

/// In the order in which they run.
pub const ALL: &[(&str, Suite)] = &[];
