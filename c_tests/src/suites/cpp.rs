//! The C header in a C++ program, at every standard.

use super::header::CPP;
use super::with_both;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub fn run(context: &Context) -> Report {
    let jobs: Vec<_> = CPP.iter().flat_map(|standard| with_both(context, &[*standard])).collect();
    parallel::each(&jobs, |&(standard, linkage)| {
        Report::of(|report| {
            let path = context.build_with(&context.stage, "cpp.cpp", linkage, &[&format!("-std={standard}")])?;
            let sandbox = servers::sandbox()?;
            let label = super::label(&format!("cpp.cpp as {standard}"), linkage);
            Program::under(&context.machine.tool, &path)
                .set_all(&servers::variables(&sandbox))
                .count(&label, report)?;
            Ok(())
        })
    })
}
