//! The folder services of .NET and Java, which the examples have: they serve, also where answers are lost, and are killed.

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::service::{Example, calm, killed, lossy};
use ecgrid_c_tests::stage::Stage;

use crate::dotnet::{self, MONO, NET8};
use crate::maven::{self, Java};

/// How its runtime starts it, with the library of a stage.
type Start = fn(&Context, &Stage) -> Result<Example, String>;

const ALL: [Start; 4] = [
    |context, stage| dotnet::folder_service(context, &MONO, stage),
    |context, stage| dotnet::folder_service(context, &NET8, stage),
    |context, stage| maven::folder_service(context, &Java::of_system(), stage),
    |context, stage| maven::folder_service(context, &Java::newest()?, stage),
];

pub fn run(context: &Context) -> Report {
    parallel::all(&ALL, |start| {
        Report::of(|report| {
            let example = start(context, &context.stage)?;
            calm(&example, report)?;
            lossy(&example, report)?;
            killed(&start(context, context.hooks()?)?, report)
        })
    })
}
