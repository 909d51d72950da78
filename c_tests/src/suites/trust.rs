//! Whose certificates the library believes.

use std::fs;

use ecgrid_sandbox::Authority;

use super::{label, with_both};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub fn run(context: &Context) -> Report {
    parallel::each(
        &with_both(context, &["trust_files.c", "trust_empty_root.c", "trust_changes.c"]),
        |&(program, linkage)| {
            Report::of(|report| {
                let path = context.build(&context.stage, program, linkage)?;
                let label = label(program, linkage);
                let sandbox = servers::sandbox()?;
                let failed = |error: std::io::Error| format!("{label}: {error}");
                let folder = tempfile::tempdir_in(context.scratch()).map_err(failed)?;
                let empty = folder.path().join("empty");
                fs::create_dir(&empty).map_err(failed)?;
                let other = folder.path().join("other-authority.pem");
                fs::write(&other, Authority::new().map_err(failed)?.pem()).map_err(failed)?;
                Program::under(&context.machine.tool, &path)
                    .set_all(&servers::variables(&sandbox))
                    .set("SCRATCH", folder.path())
                    .set("EMPTY_ROOT", &empty)
                    .set("OTHER_CA", &other)
                    .count(&label, report)?;
                Ok(())
            })
        },
    )
}
