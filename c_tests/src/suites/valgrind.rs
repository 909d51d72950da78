//! The same programs under valgrind: no leak, no access that is not allowed.

use super::{api, errors, label, login, storm, threads};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Linkage;

const VALGRIND: [&str; 7] = [
    "valgrind",
    "-q",
    "--leak-check=full",
    "--show-leak-kinds=definite,indirect",
    "--errors-for-leak-kinds=definite,indirect",
    "--error-exitcode=99",
    "--fair-sched=yes",
];

/// The programs that speak TLS, of which valgrind gets something wrong.
const OVER_TLS: [&str; 4] = ["errors_table.c", "errors_connections.c", "login_facts.c", "login_environment.c"];

pub fn run(context: &Context) -> Report {
    let suppressions = format!("--suppressions={}", context.own("valgrind.supp").display());
    watched(context, &[], |program| {
        if OVER_TLS.contains(&program) {
            // The static library has names that a suppression can tell apart; the shared one is stripped.
            ([&VALGRIND[..], &[&suppressions]].concat(), Linkage::Static)
        } else {
            (VALGRIND.to_vec(), Linkage::Shared)
        }
    })
}

/// Every program that a tool can watch, under that tool.
pub fn watched<'a>(context: &Context, flags: &[&str], how: impl Fn(&str) -> (Vec<&'a str>, Linkage) + Sync) -> Report {
    // The slowest first, so that no processor has to wait for them at the end.
    let programs: Vec<&str> =
        [&threads::PROGRAMS[..], &storm::PROGRAMS, &errors::PROGRAMS, &login::PROGRAMS, &api::PROGRAMS].concat();
    parallel::each(&programs, |&program| {
        Report::of(|report| {
            let (tool, linkage) = how(program);
            let path = &context.build_with(&context.stage, program, linkage, flags)?;
            let label = &label(program, linkage);
            match program.split('_').next() {
                Some("api") => api::run_one(&tool, path, label, report).map(drop),
                Some("login") => login::run_one(&tool, path, label, report),
                // What the library does beyond HTTP, the others show.
                Some("session") => storm::one_way(&tool, path, label, false, report),
                Some("errors") => errors::run_one(context, &tool, path, label, report),
                _ => threads::run_one(&tool, path, label, report),
            }
        })
    })
}
