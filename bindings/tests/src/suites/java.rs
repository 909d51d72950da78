//! The Java binding on the system's Java and on a newer one.

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;

use crate::maven::{self, Java};
use crate::places::Places;

/// All but the table, which the suite conformance plays.
const TESTS: &str = "*Test,!ConformanceTest";

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        // Packaged as it ships: compiled, documented, with the library in the jar.
        let natives = format!("-Decgrid.natives={}", maven::natives(context)?.display());
        println!("  Maven builds ecgrid.jar, and fetches JNA, JUnit and its own plugins where they are missing");
        let packaged = maven::command(context, "package", &["-q", "-DskipTests", &natives]);
        let packaged = Program::of(packaged).limit(maven::LIMIT).run()?;
        let built = packaged.status.is_some_and(|status| status.success());
        report.check(built, format!("mvn package: {}{}", packaged.stdout, packaged.stderr));
        if !built {
            return Ok(());
        }
        report.add(parallel::all(&[Java::of_system(), Java::newest()?], |java| {
            Report::of(|report| {
                let places = Places::open()?;
                let ended = maven::tests(context, java, TESTS, &context.stage, &[], &places.variables())?;
                maven::count(&ended, java, report);
                Ok(())
            })
        }));
        Ok(())
    })
}
