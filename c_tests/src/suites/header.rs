//! The header compiles everywhere, and reads as the contract says.

use std::collections::BTreeSet;
use std::fs;

use crate::header::Header;
use ecgrid_c_tests::compile::{STRICT, detect, quietly};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;

const C: [&str; 4] = ["c99", "c11", "c17", "c2x"];
pub const CPP: [&str; 4] = ["c++11", "c++14", "c++17", "c++20"];
const FILES: [&str; 3] = ["alone.c", "twice.c", "every_function.c"];

/// The contract's sections; Handles, Status and Outcome stand in front of what uses them.
const SECTIONS: [&str; 14] = [
    "Handles",
    "Status",
    "Outcome",
    "Login",
    "Errors",
    "Configuration",
    "Client",
    "Session",
    "Response",
    "Route",
    "Parcels",
    "Inbox",
    "Outbox",
    "Library",
];

pub fn run(context: &Context) -> Report {
    let mut jobs = Vec::new();
    for (compiler, cpp) in [("gcc", false), ("clang", false), ("g++", true), ("clang++", true)] {
        for standard in if cpp { CPP } else { C } {
            jobs.extend(FILES.map(|file| (compiler, cpp, standard, file)));
        }
    }
    let mut report = parallel::each(&jobs, |job| Report::of(|report| compile(context, *job, report)));
    report.add(Report::of(|report| {
        let header = Header::read(&context.stage)?;
        no_type_is_rust_s_own(&header, report);
        numbers_are_safe_in_expressions(&header, report);
        every_function_is_documented(&header, report);
        sections_stand_in_order(&header, report);
        every_function_is_taken(context, &header, report)
    }));
    report
}

fn compile(context: &Context, job: (&str, bool, &str, &str), report: &mut Report) -> Result<(), String> {
    let (compiler, cpp, standard, file) = job;
    let mut command = detect(Some(compiler), cpp)?.to_command();
    command.args(STRICT).args(["-Wconversion", "-Wundef", "-Wshadow", "-fsyntax-only"]);
    if cpp {
        command.args(["-Wold-style-cast", "-x", "c++"]);
    } else {
        command.args(["-Wstrict-prototypes", "-x", "c"]);
    }
    command.arg(format!("-std={standard}")).arg("-I").arg(context.stage.include());
    command.arg(context.own("header").join(file));
    let result = quietly(&mut command);
    report.check(result.is_ok(), format!("{file} as {standard} with {compiler}: {}", result.err().unwrap_or_default()));
    Ok(())
}

fn no_type_is_rust_s_own(header: &Header, report: &mut Report) {
    let foreign = [
        "bool",
        "_Bool",
        "u8",
        "u16",
        "u32",
        "u64",
        "i8",
        "i16",
        "i32",
        "i64",
        "usize",
        "isize",
        "str",
        "String",
        "Vec",
        "Box",
        "Arc",
        "Option",
        "Result",
        "CStr",
        "CString",
        "c_char",
        "uintptr_t",
        "intptr_t",
        "enum",
        "va_list",
    ];
    let words: BTreeSet<&str> = header.code.split(|char: char| !char.is_ascii_alphanumeric() && char != '_').collect();
    for word in foreign {
        report.check(!words.contains(word), format!("the header has the word {word} in its code"));
    }
    report.check(!header.code.contains("..."), "the header has a variadic function");
    report.check(!header.code.contains("struct ecgrid_token {"), "a handle is not opaque");
    report.check(header.code.contains("extern \"C\" {"), "the header has no extern \"C\"");
    report.check(!header.text.contains("ecgrid_test"), "the header names a function of the tests");
}

fn numbers_are_safe_in_expressions(header: &Header, report: &mut Report) {
    let mut values = BTreeSet::new();
    for line in header.code.lines().filter_map(|line| line.trim().strip_prefix("#define ")) {
        let Some((name, value)) = line.split_once(' ') else { continue };
        let value = value.trim();
        let in_parentheses = value.starts_with('(') && value.ends_with(')');
        let unsigned = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        report.check(in_parentheses || unsigned, format!("{name} is {value}"));
        if !["VERSION", "OUTCOME", "KIND", "LOG_"].iter().any(|other| name.contains(other)) {
            report.check(values.insert(value), format!("{name} has the number of another status, {value}"));
        }
    }
    report.equal(values.len(), 19, "statuses");
}

/// The comment that ends where each function begins says since when it is there, and which threads may call.
fn every_function_is_documented(header: &Header, report: &mut Report) {
    for name in header.functions() {
        let call = format!("{name}(");
        // The declaration is the one that is not within a comment.
        let at = header.text.match_indices(&call).map(|(at, _)| at).find(|at| {
            let before = &header.text[..*at];
            before.rfind("/*").is_none_or(|begin| before[begin..].contains("*/"))
        });
        let before = &header.text[..at.unwrap_or(0)];
        let comment = before.rfind("/**").map_or("", |begin| &before[begin..]);
        let words = comment.replace("\n * ", " ");
        let adjacent = comment.split_once("*/").is_some_and(|(_, after)| !after.contains(['{', ';']));
        report.check(adjacent, format!("{name} has no comment of its own"));
        report.check(words.contains("Since: 0."), format!("{name}'s comment has no Since:"));
        let threads = words.contains("thread");
        report.check(threads, format!("{name}'s comment says nothing of threads"));
    }
}

fn sections_stand_in_order(header: &Header, report: &mut Report) {
    let titles = header.text.lines().filter_map(|line| line.strip_prefix("/* ---- ")?.strip_suffix(" ----"));
    report.equal(titles.collect(), SECTIONS.to_vec(), "sections");
}

fn every_function_is_taken(context: &Context, header: &Header, report: &mut Report) -> Result<(), String> {
    let source = fs::read_to_string(context.own("header/every_function.c")).map_err(|error| error.to_string())?;
    let taken = source.lines().filter_map(|line| line.trim().strip_prefix("TAKE(")?.split(',').next());
    let taken: BTreeSet<String> = taken.map(str::to_owned).collect();
    report.equal(taken, header.functions(), "functions in every_function.c");
    Ok(())
}
