//! The conformance table, played in every language.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Linkage;

use super::cpp;
use crate::dotnet::{self, MONO, NET8, Runtime};
use crate::folders::Folders;
use crate::maven::{self, Java};
use crate::places::Places;
use crate::table::count_cases;

/// So that a table that shrinks is noticed.
const LEAST_CASES: u64 = 180;

const LIMIT: Duration = Duration::from_secs(180);

/// Plays the table beside servers of its own, and says how many cases passed and failed.
type Player = fn(&Context, &[(String, OsString)], &mut Report) -> Result<(), String>;

const PLAYERS: &[(&str, Player)] = &[
    ("C, shared library", |context, variables, report| {
        played_by(in_c(context, Linkage::Shared, &[])?, variables, report)
    }),
    ("C, static library", |context, variables, report| {
        played_by(in_c(context, Linkage::Static, &[])?, variables, report)
    }),
    ("C under the sanitizers", |context, variables, report| {
        played_by(in_c(context, Linkage::Static, &["-fsanitize=address,undefined"])?, variables, report)
    }),
    ("C++", |context, variables, report| played_by(in_cpp(context)?, variables, report)),
    ("Mono", |context, variables, report| in_dotnet(context, &MONO, variables, report)),
    (".NET 8", |context, variables, report| in_dotnet(context, &NET8, variables, report)),
    ("Java", |context, variables, report| in_java(context, &Java::of_system(), variables, report)),
    ("newest Java", |context, variables, report| in_java(context, &Java::newest()?, variables, report)),
];

/// What is played on another system.
const ELSEWHERE: Player =
    |context, variables, report| played_by(in_c(context, Linkage::Shared, &[])?, variables, report);

pub fn run(context: &Context) -> Report {
    if !context.machine.is_own() {
        return Report::of(|report| {
            let cases = count_cases(&table(context))?;
            play(context, "C, another system", ELSEWHERE, cases, report)
        });
    }
    Report::of(|report| {
        let cases = count_cases(&table(context))?;
        report.check(cases >= LEAST_CASES, format!("the table has {cases} cases"));
        report.add(parallel::all(PLAYERS, |(name, player)| {
            Report::of(|report| play(context, name, *player, cases, report))
        }));
        Ok(())
    })
}

fn play(context: &Context, name: &str, player: Player, cases: u64, report: &mut Report) -> Result<(), String> {
    let (places, folders) = (Places::open()?, Folders::make(&table(context))?);
    let mut variables = places.variables();
    variables.push(("ECGRID_CASES".into(), folders.table().into()));
    let mut played = Report::default();
    player(context, &variables, &mut played).map_err(|error| format!("{name}: {error}"))?;
    println!("  {name}: {} passed, {} failed", played.passed, played.failed);
    let all = played.passed + played.failed;
    report.add(played);
    report.equal(all, cases, format!("{name}: cases played"));
    Ok(())
}

/// A program that counts the cases itself.
fn played_by(command: Command, variables: &[(String, OsString)], report: &mut Report) -> Result<(), String> {
    Program::of(command).set_all(variables).limit(LIMIT).count("conformance", report).map(drop)
}

fn table(context: &Context) -> PathBuf {
    context.project("bindings/conformance/cases.txt")
}

fn in_c(context: &Context, linkage: Linkage, flags: &[&str]) -> Result<Command, String> {
    let source = context.project("bindings/conformance/conformance.c");
    let mut all = vec!["-O1", "-g", "-pthread", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
    if context.machine.is_own() {
        all.push("-std=c99");
    }
    all.extend(flags);
    let program = context.link(&context.stage, &source, linkage, &all)?;
    Ok(context.machine.command(&program))
}

fn in_cpp(context: &Context) -> Result<Command, String> {
    let source = context.project("bindings/cpp/tests/conformance.cpp");
    cpp::build(context, &context.stage, "g++", &[&source], &["-std=c++20"]).map(Command::new)
}

fn in_dotnet(
    context: &Context,
    runtime: &Runtime,
    variables: &[(String, OsString)],
    report: &mut Report,
) -> Result<(), String> {
    dotnet::run(context, runtime, "Conformance", &context.stage, variables, report).map(drop)
}

fn in_java(
    context: &Context,
    java: &Java,
    variables: &[(String, OsString)],
    report: &mut Report,
) -> Result<(), String> {
    let ended = maven::tests(context, java, "ConformanceTest", &context.stage, &[], variables)?;
    maven::count(&ended, java, report);
    Ok(())
}
