//! The programs that people copy: README's, and those of examples/.

mod folder_service;
mod other_languages;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecgrid_sandbox::Sandbox;

use ecgrid_c_tests::compile::{STRICT, output_of};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::{Ended, Program};
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

pub fn run(context: &Context) -> Report {
    let mut report = Report::of(|report| readme(context, report));
    report.add(Report::of(|report| pieces(context, report)));
    report.add(Report::of(|report| examples(context, report)));
    report.add(Report::of(|report| statically(context, report)));
    report.add(other_languages::run(context));
    report.add(folder_service::run(context));
    report
}

/// The first C block, as it stands, compiled as a reader would: with no more than pkg-config says.
fn readme(context: &Context, report: &mut Report) -> Result<(), String> {
    let text = fs::read_to_string(context.project("README.md")).map_err(|error| format!("README.md: {error}"))?;
    let block = text.split_once("\n```c\n").and_then(|(_, rest)| rest.split_once("\n```")).map(|(block, _)| block);
    let source = context.scratch().join("readme.c");
    fs::write(&source, format!("{}\n", block.ok_or("README.md has no ```c block")?))
        .map_err(|error| error.to_string())?;

    for strict in [&[][..], &STRICT] {
        let program = with_pkg_config(context, &source, strict)?;
        let (_sandbox, ended) = run_one(context, &program)?;
        let good = ended.status.is_some_and(|status| status.success());
        report.check(good, format!("README's program ended badly:\n{}{}", ended.stdout, ended.stderr));
        report.check(!ended.stdout.is_empty(), "README's program says nothing");
    }
    Ok(())
}

/// The other C blocks of README.md are pieces of a function: each compiles in one that has what they are about.
fn pieces(context: &Context, report: &mut Report) -> Result<(), String> {
    const AROUND: &str = "
#include <ecgrid.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void request_header(const char *name, const char *value);
void piece(ecgrid_client *client, ecgrid_session *session, const char *login, const char *password, const char *body, int answered);
void piece(ecgrid_client *client, ecgrid_session *session, const char *login, const char *password, const char *body, int answered)
{
    ecgrid_error *error = NULL;
    ecgrid_response *list = NULL;
    (void)client, (void)session, (void)login, (void)password, (void)body, (void)answered, (void)error, (void)list;
    {
";
    let text = fs::read_to_string(context.project("README.md")).map_err(|error| format!("README.md: {error}"))?;
    let blocks: Vec<&str> = text.split("\n```c\n").skip(2).filter_map(|rest| rest.split("\n```").next()).collect();
    report.check(blocks.len() >= 4, format!("README.md has {} pieces of C", blocks.len()));
    for (number, block) in blocks.into_iter().enumerate() {
        let source = context.scratch().join(format!("piece{number}.c"));
        fs::write(&source, format!("{AROUND}{block}\n    }}\n}}\n")).map_err(|error| error.to_string())?;
        let mut command = context.machine.compiler.command(&source);
        command.args(STRICT).arg("-fsyntax-only").arg("-I").arg(context.stage.include()).arg(&source);
        let compiled = ecgrid_c_tests::compile::quietly(&mut command);
        report
            .check(compiled.is_ok(), format!("a piece of README.md does not compile:\n{block}\n{:?}", compiled.err()));
    }
    Ok(())
}

/// The archive in an ordinary program, and in one that is static altogether: with the words of C++'s page, which are C's too.
fn statically(context: &Context, report: &mut Report) -> Result<(), String> {
    let page = context.project("bindings/cpp/README.md");
    let page = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let source = context.project("examples/login.c");
    for (flag, words) in
        [("-Wall", "-lgcc_s -lutil -lrt -lpthread -lm -ldl"), ("-static", "-lgcc_eh -lutil -lrt -lpthread -lm -ldl")]
    {
        report.check(page.contains(words), format!("{words} is not in the page"));
        let program = context.scratch().join(format!("login{flag}"));
        let mut command = context.machine.compiler.command(&source);
        command.args(["-std=c99", flag, "-I"]).arg(context.stage.include()).arg(&source).arg("-o").arg(&program);
        command.arg(context.stage.archive()).args(words.split(' '));
        // Not quietly: the linker warns that names are still looked up by glibc's shared libraries.
        output_of(&mut command)?;
        let (_sandbox, ended) = run_one(context, &program)?;
        report.check(ended.stdout.contains("4821"), format!("{flag}: {}{}", ended.stdout, ended.stderr));
    }
    Ok(())
}

fn with_pkg_config(context: &Context, source: &Path, flags: &[&str]) -> Result<PathBuf, String> {
    let mut pkg_config = Command::new("pkg-config");
    pkg_config.args(["--cflags", "--libs", "ecgrid"]).env("PKG_CONFIG_PATH", context.stage.lib().join("pkgconfig"));
    let from_pc = output_of(&mut pkg_config)?;
    let program = source.with_extension("");
    let mut command = context.machine.compiler.command(source);
    command.args(flags).arg(source).arg("-o").arg(&program).args(from_pc.split_whitespace());
    ecgrid_c_tests::compile::quietly(&mut command)?;
    Ok(program)
}

fn run_one(context: &Context, program: &Path) -> Result<(Sandbox, Ended), String> {
    let sandbox = servers::sandbox()?;
    let ended = Program::new(program)
        .set("LD_LIBRARY_PATH", context.stage.lib())
        .set("ECGRID_BASE_URL", sandbox.https_url())
        .set("ECGRID_CA_FILE", sandbox.ca_file())
        .set("ECGRID_LOGIN", "jsmith@example.com")
        .set("ECGRID_PASSWORD", "Sup3r$ecret!")
        .run()?;
    Ok((sandbox, ended))
}

/// Every one compiles without a warning; all of them log in. The one that goes on for ever has tests of its own.
fn examples(context: &Context, report: &mut Report) -> Result<(), String> {
    let folder = fs::read_dir(context.project("examples")).map_err(|error| format!("examples: {error}"))?;
    let sources = folder.flatten().map(|entry| entry.path());
    let sources =
        sources.filter(|path| path.extension().is_some_and(|it| it == "c") && !path.ends_with("folder_service.c"));
    for source in sources {
        let name = source.display();
        let mut flags = vec!["-std=c99"];
        flags.extend(STRICT);
        for linkage in ecgrid_c_tests::stage::BOTH {
            let program = context.link(&context.stage, &source, linkage, &flags)?;
            let (sandbox, ended) = run_one(context, &program)?;
            let good = ended.status.is_some_and(|status| status.success());
            report.check(good, format!("{name} ended badly:\n{}{}", ended.stdout, ended.stderr));
            report.equal(sandbox.logins(), 1, format!("{name}: logins at the server"));
            report
                .check(linkage != Linkage::Shared || ended.stdout.contains("4821"), format!("{name} shows no user id"));
        }
    }
    Ok(())
}
