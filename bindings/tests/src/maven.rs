//! The Java binding under Maven.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecgrid_c_tests::compile::quietly;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::{Ended, Program};
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::service::Example;
use ecgrid_c_tests::stage::Stage;

/// Downloads are in it, on a machine that has never seen Maven.
pub const LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

/// What Java exits with after a SIGINT.
const INTERRUPTED: i32 = 130;

/// Where the machine's newer Java is.
const NEW_JAVA: &str = "ECGRID_NEW_JAVA";

/// Which Java runs the tests, and what it is told.
pub struct Java {
    pub name: &'static str,
    /// None: the one that Maven runs on.
    pub program: Option<PathBuf>,
    options: Vec<&'static str>,
    /// An older one has no virtual threads to test, and so on.
    may_skip: bool,
}

impl Java {
    pub fn of_system() -> Self {
        Self { name: "Java", program: None, options: vec!["-Xcheck:jni"], may_skip: true }
    }

    pub fn newest() -> Result<Self, String> {
        let home = std::env::var_os(NEW_JAVA).ok_or_else(|| format!("{NEW_JAVA} is not set: run cargo xtask test"))?;
        let programs = Path::new(&home).join("bin");
        // A runtime without a compiler cannot run a source file, and only root can mount a folder to be refused.
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let may_skip = !is_root || !programs.join("javac").exists();
        let program = Some(programs.join("java"));
        Ok(Self { name: "newest Java", program, options: vec!["--enable-native-access=ALL-UNNAMED"], may_skip })
    }

    pub fn with_options(mut self, options: &[&'static str]) -> Self {
        self.options.extend(options);
        self
    }
}

/// Maven in the binding's folder. What it compiles is there already after the first time.
pub fn command(context: &Context, goal: &str, words: &[&str]) -> Command {
    let mut command = Command::new("mvn");
    command.args(["-B", "-f"]).arg(context.project("bindings/java/pom.xml")).args(words).arg(goal);
    command
}

/// Runs tests that are compiled already, those that `pattern` names, with a library that is not in the jar.
pub fn tests(
    context: &Context,
    java: &Java,
    pattern: &str,
    stage: &Stage,
    properties: &[&str],
    variables: &[(String, OsString)],
) -> Result<Ended, String> {
    let library = format!("-Decgrid.library.path={}", stage.shared().display());
    let (pattern, options) = (format!("-Dtest={pattern}"), format!("-DargLine={}", java.options.join(" ")));
    let mut words = vec![library, pattern, options];
    words.extend(java.program.as_ref().map(|program| format!("-Djvm={}", program.display())));
    // Two at a time write in files of their own.
    let own = java.name.replace(' ', "-");
    words.extend([format!("-DtempDir=surefire-{own}"), format!("-Dsurefire.reportNameSuffix={own}")]);
    words.extend(properties.iter().map(|property| format!("-D{property}")));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // By this Java knows which bytes are a path with an umlaut.
    let program = Program::of(command(context, "surefire:test", &words)).set("LC_ALL", "C.UTF-8");
    program.set_all(variables).limit(LIMIT).run()
}

/// The example that serves folders, with the library of a stage.
pub fn folder_service(context: &Context, java: &Java, stage: &Stage) -> Result<Example, String> {
    let classes = context.scratch().join(format!("java-example-{}", java.name.replace(' ', "-")));
    let class_path =
        format!("{}:{}", context.project("bindings/java/target/classes").display(), jna(context)?.display());
    let mut compiler = Command::new("javac");
    compiler.arg("-d").arg(&classes).args(["-cp", &class_path]).arg(context.project("examples/FolderService.java"));
    quietly(&mut compiler)?;
    let program = java.program.clone().unwrap_or_else(|| "java".into());
    let class_path = format!("{class_path}:{}", classes.display());
    let words = [program.into(), OsString::from("-cp"), class_path.into(), "FolderService".into()];
    let mut example = Example::new(&format!("FolderService.java on {}", java.name), words);
    // Java ends as the signal says, when the program has done what is left to do.
    example.exit = Some(INTERRUPTED);
    Ok(example.set("ECGRID_LIBRARY_PATH", stage.shared()))
}

/// Where Maven keeps JNA.
fn jna(context: &Context) -> Result<PathBuf, String> {
    let pom = context.project("bindings/java/pom.xml");
    let text = fs::read_to_string(&pom).map_err(|error| format!("{}: {error}", pom.display()))?;
    let version = text.split_once("<jna.version>").and_then(|(_, rest)| rest.split_once('<'));
    let (version, _) = version.ok_or_else(|| format!("{} has no version of JNA", pom.display()))?;
    let home = std::env::var_os("HOME").ok_or("HOME is not set")?;
    let file = format!(".m2/repository/net/java/dev/jna/jna/{version}/jna-{version}.jar");
    Ok(Path::new(&home).join(file))
}

/// A folder as the jar has it: natives below JNA's names for platforms.
pub fn natives(context: &Context) -> Result<PathBuf, String> {
    let folder = context.scratch().join("java-natives");
    let platform = folder.join("linux-x86-64");
    let laid = fs::create_dir_all(&platform)
        .and_then(|()| fs::copy(context.stage.shared(), platform.join("libecgrid.so")).map(drop));
    laid.map_err(|error| format!("{}: {error}", platform.display()))?;
    Ok(folder)
}

/// Adds what Surefire has counted: its last line of `Tests run: 7, Failures: 0, Errors: 0, Skipped: 0`.
pub fn count(ended: &Ended, java: &Java, report: &mut Report) {
    let label = java.name;
    let numbers = ended
        .stdout
        .lines()
        .rev()
        .find_map(of_surefire)
        .map(|(run, bad, skipped)| if java.may_skip { (run - skipped, bad) } else { (run, bad + skipped) });
    match numbers {
        Some((run, bad)) if ended.status.is_some_and(|status| status.success()) && run > 0 && bad == 0 => {
            report.passed += run
        }
        Some((run, bad)) => {
            report.passed += run.saturating_sub(bad);
            report.failed += bad.max(1);
            report.failures.push(format!("FAILED {label}\n{}", ended.stdout));
        }
        None => report.failure(format!("{label}: Maven ran no test\n{}{}", ended.stdout, ended.stderr)),
    }
}

/// Tests run, and those of them that failed, and that were skipped.
fn of_surefire(line: &str) -> Option<(u64, u64, u64)> {
    let (_, rest) = line.split_once("Tests run: ")?;
    let mut numbers =
        rest.split(", ").map(|part| part.rsplit(": ").next().and_then(|number| number.trim().parse().ok()));
    let (run, failures, errors, skipped) = (numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??);
    Some((run, failures + errors, skipped))
}

#[cfg(test)]
mod tests_of_counting {
    use super::of_surefire;

    #[test]
    fn surefire_counts() {
        assert_eq!(of_surefire("[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0"), Some((12, 0, 0)));
        assert_eq!(of_surefire("[ERROR] Tests run: 12, Failures: 1, Errors: 2, Skipped: 3"), Some((12, 3, 3)));
        assert_eq!(of_surefire("[INFO] BUILD SUCCESS"), None);
    }
}
