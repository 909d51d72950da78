//! Everything made and dropped by 32 threads while the collector runs all the time: nothing crashes, nothing stays.

use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;

use super::cpp;
use crate::dotnet::{self, MONO, NET8, Runtime};
use crate::maven::{self, Java};
use crate::places::Places;

const SECONDS: &str = "20";

/// They share the processors, and collectors are slow to see that all is gone.
const LIMIT: Duration = Duration::from_secs(180);

type Stress = fn(&Context, &[(String, OsString)], &mut Report) -> Result<(), String>;

const ALL: &[(&str, Stress)] = &[
    ("C++", |context, variables, report| counted("C++", in_cpp(context)?, variables, report)),
    ("Mono", |context, variables, report| in_dotnet(context, &MONO, variables, report)),
    (".NET 8", |context, variables, report| in_dotnet(context, &NET8, variables, report)),
    ("Java", |context, variables, report| in_java(context, Java::of_system(), variables, report)),
    ("newest Java", |context, variables, report| in_java(context, Java::newest()?, variables, report)),
];

pub fn run(context: &Context) -> Report {
    parallel::all(ALL, |(name, stress)| {
        Report::of(|report| {
            let places = Places::open()?;
            let mut variables = places.variables();
            variables.push(("SECONDS".into(), SECONDS.into()));
            stress(context, &variables, report).map_err(|error| format!("{name}: {error}"))
        })
    })
}

/// Shows the line of figures, too.
fn counted(name: &str, command: Command, variables: &[(String, OsString)], report: &mut Report) -> Result<(), String> {
    let ended = Program::of(command).set_all(variables).limit(LIMIT).count(name, report)?;
    show(name, &ended.stdout);
    Ok(())
}

fn show(name: &str, stdout: &str) {
    if let Some(figures) = stdout.lines().find_map(|line| line.strip_prefix("stress: ")) {
        println!("  {name}: {figures}");
    }
}

fn in_cpp(context: &Context) -> Result<Command, String> {
    let source = context.project("bindings/cpp/tests/stress.cpp");
    cpp::build(context, context.hooks()?, "g++", &[&source], &["-std=c++20", "-O1"]).map(Command::new)
}

fn in_dotnet(
    context: &Context,
    runtime: &Runtime,
    variables: &[(String, OsString)],
    report: &mut Report,
) -> Result<(), String> {
    let ended = dotnet::run(context, runtime, "Stress", context.hooks()?, variables, report)?;
    show(runtime.name, &ended.stdout);
    Ok(())
}

fn in_java(context: &Context, java: Java, variables: &[(String, OsString)], report: &mut Report) -> Result<(), String> {
    // As a property too: mvn is a script of bash, which has a SECONDS of its own.
    let seconds = format!("seconds={SECONDS}");
    // A heap of one size: what the process grows by is then not Java's own.
    let java = java.with_options(&["-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"]);
    let ended = maven::tests(context, &java, "Stress", context.hooks()?, &[&seconds], variables)?;
    show(java.name, &ended.stdout);
    maven::count(&ended, &java, report);
    Ok(())
}
