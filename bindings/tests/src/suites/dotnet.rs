//! The .NET binding on Mono and on .NET 8.

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;

use crate::dotnet::{self, MONO, NET8, NET8_STANDARD};
use crate::places::Places;

pub fn run(context: &Context) -> Report {
    parallel::each(&[MONO, NET8, NET8_STANDARD], |runtime| {
        Report::of(|report| {
            let places = Places::open()?;
            dotnet::run(context, runtime, "Tests", &context.stage, &places.variables(), report).map(drop)
        })
    })
}
