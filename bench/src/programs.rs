//! The C programs: compiled as their users would, and called.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::parcels::{self, Row};
use crate::stop;

const OPTIONS: [&str; 7] = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Ours,
    Curl,
    Floor,
}

pub const ALL: [Who; 3] = [Who::Ours, Who::Curl, Who::Floor];

/// What a contestant does over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Login,
    /// A GET with the token of one login.
    Call,
    /// The same with an answer of so many bytes, its one string looked up.
    Answer(usize),
    /// The same with a list of so many rows, which is walked.
    Rows(Row, usize),
    /// A POST of so many bytes.
    Request(usize),
}

impl Act {
    /// The mode of a program that does it so often and no more.
    pub fn counted(self, times: u32) -> Vec<String> {
        let times = times.to_string();
        match self {
            Self::Login => vec!["count".into(), times],
            Self::Call => vec!["count-calls".into(), times],
            Self::Answer(size) => {
                vec!["answer".into(), parcels::path(size), parcels::content(size).to_string(), times]
            }
            Self::Rows(row, rows) => {
                vec!["rows".into(), parcels::list_path(row, rows), rows.to_string(), times]
            }
            Self::Request(size) => vec!["request".into(), size.to_string(), times],
        }
    }

    /// How often at least and at most, so that the difference is many times one's own.
    pub fn spread(self, many: u32) -> (u32, u32) {
        match self {
            Self::Login | Self::Call => (20, many),
            Self::Answer(_) | Self::Rows(..) | Self::Request(_) => (1, 4),
        }
    }

    fn is_large(self) -> bool {
        !matches!(self, Self::Login | Self::Call)
    }
}

pub struct Programs {
    folder: PathBuf,
    stage: PathBuf,
}

/// Where a contestant logs in, and whom it trusts.
#[derive(Clone)]
pub struct Scene {
    pub url: String,
    pub trust: Trust,
    /// The file that our log at INFO goes to; the others have none.
    log: Option<PathBuf>,
}

impl Scene {
    pub fn new(url: String, trust: Trust) -> Self {
        Self { url, trust, log: None }
    }

    pub fn logged(self, file: PathBuf) -> Self {
        Self { log: Some(file), ..self }
    }

    pub fn scheme(&self) -> &str {
        self.url.split(':').next().unwrap_or_default()
    }
}

#[derive(Clone)]
pub enum Trust {
    File(PathBuf),
    /// The machine's bundle, as each is told of it: ours by SSL_CERT_FILE, the others have no other way than its path.
    System(PathBuf),
}

impl Programs {
    pub fn compile(stage: &Path, folder: &Path) -> Result<Self, String> {
        let stage = stage.canonicalize().map_err(|error| format!("{}: {error}", stage.display()))?;
        let programs = Self { folder: folder.to_owned(), stage };
        let (include, lib) = (programs.stage.join("include"), programs.stage.join("lib"));
        let ours = [
            format!("-I{}", include.display()),
            format!("-L{}", lib.display()),
            "-lecgrid".into(),
            format!("-Wl,-rpath,{}", lib.display()),
        ];
        let curl = packages(&["libcurl", "libcjson"])?;
        let floor = packages(&["libssl", "libcrypto"])?;
        for (who, arguments) in [(Who::Ours, &ours[..]), (Who::Curl, &curl), (Who::Floor, &floor)] {
            let own = format!("{}.c", who.name());
            programs.build(who.name(), &["bench.c", "shared.c", &own], arguments)?;
            programs.build(&large(who), &["large.c", "shared.c", &own], arguments)?;
        }
        for (who, sources, arguments) in
            [(Who::Ours, &["ours_file.c"][..], &ours[..]), (Who::Curl, &["curl_file.c", "base64.c"], &curl)]
        {
            let own = format!("{}.c", who.name());
            programs.build(&file(who), &[&["file.c", "shared.c", &own], sources].concat(), arguments)?;
        }
        programs.build("round", &["round.c", "shared.c"], &ours)?;
        programs.build("handles", &["handles.c"], &ours)?;
        programs.build("run", &["run.c"], &[])?;
        programs.build("heap.so", &["heap.c"], &["-shared".into(), "-fPIC".into()])?;
        Ok(programs)
    }

    fn build(&self, name: &str, sources: &[&str], arguments: &[String]) -> Result<(), String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
        let mut command = Command::new("cc");
        command.args(OPTIONS).args(sources.iter().map(|source| folder.join(source)));
        output(command.arg("-o").arg(self.folder.join(name)).args(arguments)).map(drop)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn of(&self, who: Who) -> PathBuf {
        self.path(who.name())
    }

    pub fn library(&self) -> PathBuf {
        self.stage.join("lib/libecgrid.so")
    }

    /// A contestant in a mode, under a tool if there is one.
    pub fn call(&self, tool: Option<Command>, who: Who, scene: &Scene, mode: &[&str]) -> Command {
        contestant(tool, &self.of(who), who, scene, mode)
    }

    /// A contestant that does something so often and no more.
    pub fn count(&self, tool: Option<Command>, who: Who, scene: &Scene, act: Act, times: u32) -> Command {
        let program = if act.is_large() { self.path(&large(who)) } else { self.of(who) };
        let words = act.counted(times);
        contestant(tool, &program, who, scene, &words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A contestant that moves a parcel between the server and a file.
    pub fn file(&self, tool: Option<Command>, who: Who, scene: &Scene) -> Command {
        contestant(tool, &self.path(&file(who)), who, scene, &[])
    }

    /// libecgrid's inbox, for one round.
    pub fn round(&self, tool: Command, scene: &Scene) -> Command {
        contestant(Some(tool), &self.path("round"), Who::Ours, scene, &[])
    }

    /// libecgrid's handles, which make no request once they are there.
    pub fn handles(&self, tool: Option<Command>, url: &str, ca_file: &Path, mode: &[&str]) -> Command {
        let mut command = under(tool, &self.path("handles"));
        command.arg(url).arg(ca_file).args(mode);
        command
    }

    pub fn version(&self, who: Who) -> Result<String, String> {
        output(plain(&self.of(who)).arg("version")).map(|text| text.trim().to_owned())
    }
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Curl => "curl",
            Self::Floor => "floor",
        }
    }

    /// For people.
    pub fn told(self) -> &'static str {
        match self {
            Self::Ours => "libecgrid",
            Self::Curl => "libcurl",
            Self::Floor => "floor",
        }
    }
}

/// The program of large answers and requests.
fn large(who: Who) -> String {
    format!("{}-large", who.name())
}

/// The program of parcels to and from files.
fn file(who: Who) -> String {
    format!("{}-file", who.name())
}

fn contestant(tool: Option<Command>, program: &Path, who: Who, scene: &Scene, mode: &[&str]) -> Command {
    let mut command = under(tool, program);
    command.arg(&scene.url);
    match (&scene.trust, who) {
        (Trust::System(bundle), Who::Ours) => command.arg("-").env("SSL_CERT_FILE", bundle),
        (Trust::System(file) | Trust::File(file), _) => command.arg(file),
    };
    if let (Some(file), Who::Ours) = (&scene.log, who) {
        command.env("ECGRID_LOG", "info").env("ECGRID_LOG_FILE", file);
    }
    command.args(mode);
    command
}

fn under(tool: Option<Command>, program: &Path) -> Command {
    let Some(mut tool) = tool else { return plain(program) };
    tool.arg(program);
    tool
}

/// A command without the caller's proxies, authorities, ECGRID_* and locale.
pub fn plain(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// What it printed on standard output; its errors are ours when it fails.
pub fn output(command: &mut Command) -> Result<String, String> {
    both(command).map(|(out, _)| out)
}

/// Standard output and standard error.
pub fn both(command: &mut Command) -> Result<(String, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output().map_err(|error| format!("cannot start {name}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    stop::check()?;
    if ended.status.success() {
        return Ok((text(&ended.stdout), text(&ended.stderr)));
    }
    Err(format!("{name} failed ({}): {}", ended.status, text(&ended.stderr).trim()))
}

/// What to compile and link with, as pkg-config says.
fn packages(names: &[&str]) -> Result<Vec<String>, String> {
    let text = output(Command::new("pkg-config").args(["--cflags", "--libs"]).args(names))?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// `word 1 2 3`, of the line that begins with the word.
pub fn numbers(text: &str, word: &str) -> Result<Vec<f64>, String> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
    let found = lines.next().map(|line| line.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>());
    match found {
        Some(Ok(numbers)) if !numbers.is_empty() => Ok(numbers),
        _ => Err(format!("no numbers after `{word}` in: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_program() {
        assert_eq!(numbers("x\nns 1 2.5 3\n", "ns"), Ok(vec![1.0, 2.5, 3.0]));
        for text in ["", "ns\n", "ns a", "nsx 1"] {
            assert!(numbers(text, "ns").is_err(), "{text}");
        }
    }

    #[test]
    fn trust_is_told_in_each_ones_way() {
        let programs = Programs { folder: "/p".into(), stage: "/s".into() };
        let scene = Scene::new("https://localhost:1".into(), Trust::System("/b.pem".into()));
        let words = |command: &Command| command.get_args().map(|word| word.to_os_string()).collect::<Vec<_>>();
        let ours = programs.call(None, Who::Ours, &scene, &["cold"]);
        assert_eq!(words(&ours), ["https://localhost:1", "-", "cold"]);
        assert!(ours.get_envs().any(|(name, value)| name == "SSL_CERT_FILE" && value == Some("/b.pem".as_ref())));
        let mut tool = plain(Path::new("strace"));
        tool.arg("-f");
        let curl = programs.call(Some(tool), Who::Curl, &scene, &["count", "5"]);
        assert_eq!(words(&curl), ["-f", "/p/curl", "https://localhost:1", "/b.pem", "count", "5"]);
    }

    #[test]
    fn a_log_is_ours_alone() {
        let programs = Programs { folder: "/p".into(), stage: "/s".into() };
        let scene = Scene::new("https://localhost:1".into(), Trust::File("/c.pem".into())).logged("/p/log".into());
        let logs = |who: Who| {
            let command = programs.call(None, who, &scene, &["warm", "5"]);
            command.get_envs().any(|(name, value)| name == "ECGRID_LOG_FILE" && value == Some("/p/log".as_ref()))
        };
        assert_eq!(ALL.map(logs), [true, false, false]);
    }

    #[test]
    fn what_is_large_has_a_program_of_its_own() {
        let programs = Programs { folder: "/p".into(), stage: "/s".into() };
        let scene = Scene::new("http://localhost:1".into(), Trust::File("/c.pem".into()));
        let words = |who: Who, act: Act| {
            let command = programs.count(None, who, &scene, act, 3);
            let arguments = command.get_args().skip(2).map(|word| word.to_string_lossy().into_owned());
            [vec![command.get_program().to_string_lossy().into_owned()], arguments.collect()].concat().join(" ")
        };
        assert_eq!(words(Who::Ours, Act::Login), "/p/ours count 3");
        assert_eq!(words(Who::Curl, Act::Call), "/p/curl count-calls 3");
        assert_eq!(words(Who::Curl, Act::Request(500)), "/p/curl-large request 500 3");
        assert_eq!(words(Who::Floor, Act::Rows(Row::Pair, 9)), "/p/floor-large rows /v2/bench/pairs-9.json 9 3");
        let content = parcels::content(1_000);
        assert_eq!(
            words(Who::Ours, Act::Answer(1_000)),
            format!("/p/ours-large answer /v2/bench/1000.json {content} 3")
        );
    }
}
