//! Logins that work: what the token says, where the settings come from, and that credentials arrive as they are.

use std::fs;

use ecgrid_sandbox::{Request, Sandbox, User};
use serde_json::Value;

use super::{label, with_both};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub const PROGRAMS: [&str; 2] = ["login_facts.c", "login_environment.c"];

pub fn run(context: &Context) -> Report {
    let programs = with_both(context, &["login_facts.c", "login_environment.c", "login_bytes.c"]);
    parallel::each(&programs, |&(program, linkage)| {
        Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            let label = label(program, linkage);
            if program == "login_bytes.c" {
                bytes(context, &path, &label, report)
            } else {
                run_one(&context.machine.tool, &path, &label, report)
            }
        })
    })
}

pub fn run_one(tool: &[&str], path: &std::path::Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let program = Program::under(tool, path).set_all(&servers::variables(&sandbox)).limit(super::limit(tool));
    program.count(label, report)?;
    let requests = sandbox.requests();
    let keys: Vec<_> = requests.iter().filter_map(|request| request.header("X-API-Key")).collect();
    let expected = if label.starts_with("login_environment.c") { 2 } else { 0 };
    report.equal(keys, vec!["key-from-the-environment"; expected], format!("{label}: API keys at the server"));
    for request in &requests {
        documented(request, label, report);
    }
    Ok(())
}

/// As ECGrid's pages have it, and nothing that a server or proxy might take amiss.
fn documented(request: &Request, label: &str, report: &mut Report) {
    let call = format!("{} {}", request.method, request.path);
    let content_type = match call.as_str() {
        "POST /v2/auth/login" => Some("application/json"),
        "GET /v2/auth/version" => None,
        _ => return report.failure(format!("{label}: a request nobody made: {call}")),
    };
    let agent = concat!("ecgrid/", env!("CARGO_PKG_VERSION"));
    for (name, expected) in [
        ("Content-Type", content_type),
        ("Accept", Some("application/json")),
        ("User-Agent", Some(agent)),
        ("Authorization", None),
        ("Expect", None),
        ("Cookie", None),
    ] {
        report.equal(request.header(name), expected, format!("{label}: {call}: {name}"));
    }
}

/// Logins and passwords that a careless encoder changes.
fn credentials() -> Vec<(String, String)> {
    let controls: String = (1..0x20_u8).map(char::from).chain(['\u{7f}']).collect();
    let pairs = [
        ("quotes\"and\\backslashes", "\\\"\\u0041\\\\\"/"),
        ("all controls", controls.as_str()),
        ("\t leading and trailing \n", " \r\n "),
        ("Zoë Müller", "naïve ñandú ß"),
        ("beyond the BMP 😀", "𝄞\u{10ffff}\u{1f469}\u{200d}\u{1f4bb}"),
        ("line separators \u{2028}\u{2029}", "\u{feff}\u{fffd}\u{202e}"),
        ("percent %s %n %41 + &amp; <tag>", "{\"login\":\"injected\"}"),
    ];
    let mut pairs: Vec<_> = pairs.map(|(login, password)| (login.to_owned(), password.to_owned())).into();
    // The sandbox takes bodies up to 1 MiB in all.
    pairs.push(("a megabyte".into(), "p€".repeat((1 << 20) / 4 - 64)));
    pairs
}

fn bytes(context: &Context, path: &std::path::Path, label: &str, report: &mut Report) -> Result<(), String> {
    let credentials = credentials();
    let mut builder = Sandbox::builder();
    for (id, (login, password)) in (1..).zip(&credentials) {
        builder = builder.user(User::new(login, password, id));
    }
    let sandbox = builder.start().map_err(|error| error.to_string())?;
    let file = context.scratch().join(format!("{label}.credentials"));
    let text: String = credentials.iter().map(|(login, password)| format!("{login}\0{password}\0")).collect();
    fs::write(&file, text).map_err(|error| error.to_string())?;
    let program = Program::under(&context.machine.tool, path).set_all(&servers::variables(&sandbox));
    program.set("CREDENTIALS", &file).count(label, report)?;

    let requests = sandbox.requests();
    report.equal(requests.len(), credentials.len(), format!("{label}: requests"));
    for (request, (login, password)) in requests.iter().zip(&credentials) {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let same = body == serde_json::json!({ "login": login, "password": password });
        report.check(same, format!("{label}: the body of {login:?} is not what was given"));
        report.equal(request.header("Content-Length"), Some(request.body.len().to_string().as_str()), "Content-Length");
    }
    Ok(())
}
