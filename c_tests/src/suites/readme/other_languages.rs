//! The programs of `docs/other-languages.md`, as they stand, where their language is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

const PAGE: &str = "docs/other-languages.md";

/// Go compiles its own library first, where nobody has used it yet.
const LIMIT: Duration = Duration::from_secs(300);

/// How the programs of one language are run.
struct Language {
    name: &'static str,
    /// Tells whether it is installed.
    probe: [&'static str; 2],
    run: &'static [&'static str],
    file: &'static str,
}

const ALL: [Language; 2] = [
    Language { name: "python", probe: ["python3", "--version"], run: &["python3"], file: "login.py" },
    Language { name: "go", probe: ["go", "version"], run: &["go", "run"], file: "login.go" },
];

pub fn run(context: &Context) -> Report {
    let mut report = Report::default();
    for language in &ALL {
        if is_installed(language) {
            report.add(Report::of(|report| logs_in(context, language, report)));
        } else {
            println!("  skipped: {} is not installed, so {PAGE}'s program was not run", language.name);
        }
    }
    report
}

fn is_installed(language: &Language) -> bool {
    let [program, word] = language.probe;
    let mut command = Command::new(program);
    command.arg(word).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn logs_in(context: &Context, language: &Language, report: &mut Report) -> Result<(), String> {
    let Language { name, file, .. } = language;
    let source = context.scratch().join(file);
    fs::write(&source, block(&context.project(PAGE), name)?).map_err(|error| error.to_string())?;
    for (password, succeeds) in [("Sup3r$ecret!", true), ("wrong", false)] {
        let sandbox = servers::sandbox()?;
        let mut command = Command::new(language.run[0]);
        command.args(&language.run[1..]).arg(&source);
        let ended = Program::of(command)
            .set("LD_LIBRARY_PATH", context.stage.lib())
            .set("PKG_CONFIG_PATH", context.stage.lib().join("pkgconfig"))
            .set("ECGRID_BASE_URL", sandbox.https_url())
            .set("ECGRID_CA_FILE", sandbox.ca_file())
            .set("ECGRID_LOGIN", "jsmith@example.com")
            .set("ECGRID_PASSWORD", password)
            .limit(LIMIT)
            .run()?;
        let said = format!("{name}:\n{}{}", ended.stdout, ended.stderr);
        report.equal(ended.status.is_some_and(|status| status.success()), succeeds, &said);
        report.check(ended.stdout.contains("4821") == succeeds, &said);
        report.check(ended.stderr.contains("the user name or password is wrong") != succeeds, &said);
    }
    Ok(())
}

/// The page's program in that language.
fn block(page: &Path, language: &str) -> Result<String, String> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let block = text.split_once(&format!("\n```{language}\n")).and_then(|(_, rest)| rest.split_once("```"));
    block.map(|(block, _)| block.to_owned()).ok_or_else(|| format!("{PAGE} has no program in {language}"))
}
