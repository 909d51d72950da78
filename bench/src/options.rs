//! The command line.

use std::path::PathBuf;

pub const USAGE: &str = "\
cargo xtask bench [OPTION…]

  (none)         everything, in three to four minutes
  --quick        everything with few repetitions, under a minute
  --gate         only counts and the size, which no machine changes; fails when a 'must' is missed
  --gate --full  everything; fails when a count is missed, or a figure of this machine by over 10 %
  --managed      instead: logins through the bindings of C++, .NET and Java, beside C and the usual way of each language;
                 goes with --quick, --json and --gate --full
  --json         one JSON document on standard output instead of the table
  --svg FILE     also a bar chart";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Counts,
    Quick,
    Full,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The library as `cargo xtask build` lays it out.
    pub stage: PathBuf,
    pub extent: Extent,
    pub gate: bool,
    pub json: bool,
    pub svg: Option<PathBuf>,
    pub managed: Option<Managed>,
}

/// What the programs of .NET and Java are run with.
#[derive(Debug, PartialEq, Eq)]
pub struct Managed {
    /// The host program of CoreCLR.
    pub dotnet: PathBuf,
    /// A Java home newer than the system's default.
    pub new_java: PathBuf,
    /// A folder with the jars of JNA and Jackson.
    pub jars: PathBuf,
}

impl Extent {
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Quick => "quick",
            Self::Full => "full",
        }
    }
}

/// None: help is asked for.
pub fn parse(mut parser: lexopt::Parser) -> Result<Option<Options>, String> {
    use lexopt::prelude::*;
    let wrong = |error: lexopt::Error| format!("{error}\n\n{USAGE}");
    let (mut stage, mut svg) = (None, None);
    let (mut dotnet, mut new_java, mut jars) = (None, None, None);
    let (mut quick, mut full, mut gate, mut json, mut managed) = (false, false, false, false, false);
    while let Some(argument) = parser.next().map_err(wrong)? {
        let place = match argument {
            Long("stage") => Some(&mut stage),
            Long("svg") => Some(&mut svg),
            Long("dotnet") => Some(&mut dotnet),
            Long("new-java") => Some(&mut new_java),
            Long("jars") => Some(&mut jars),
            _ => None,
        };
        if let Some(place) = place {
            *place = Some(PathBuf::from(parser.value().map_err(wrong)?));
            continue;
        }
        match argument {
            Long("quick") => quick = true,
            Long("full") => full = true,
            Long("gate") => gate = true,
            Long("json") => json = true,
            Long("managed") => managed = true,
            Long("help") | Short('h') => return Ok(None),
            _ => return Err(wrong(argument.unexpected())),
        }
    }
    let extent = match (quick, full, gate) {
        (true, true, _) => return Err("--quick and --full cannot both be".into()),
        (true, _, true) => return Err("--gate is quick already; with times it is --gate --full".into()),
        (true, ..) => Extent::Quick,
        (_, false, true) => Extent::Counts,
        _ => Extent::Full,
    };
    if extent == Extent::Counts && svg.is_some() {
        return Err("--svg draws times, which --gate alone does not take: --gate --full --svg FILE".into());
    }
    if managed && (extent == Extent::Counts || svg.is_some()) {
        return Err("--managed takes times, and draws none: it goes with --quick, --json and --gate --full".into());
    }
    let missing = |what: &str| format!("{what} is missing: run this as cargo xtask bench");
    let managed = match (managed, dotnet, new_java, jars) {
        (false, ..) => None,
        (true, Some(dotnet), Some(new_java), Some(jars)) => Some(Managed { dotnet, new_java, jars }),
        _ => return Err(missing("--dotnet FILE, --new-java FOLDER or --jars FOLDER")),
    };
    let stage = stage.ok_or_else(|| missing("--stage FOLDER"))?;
    Ok(Some(Options { stage, extent, gate, json, svg, managed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<Options, String> {
        let all = ["--stage", "s"].iter().chain(words);
        parse(lexopt::Parser::from_args(all)).map(|options| options.expect("not help"))
    }

    #[test]
    fn extents() {
        let extent = |words: &[&str]| of(words).map(|options| (options.extent, options.gate));
        assert_eq!(extent(&[]), Ok((Extent::Full, false)));
        assert_eq!(extent(&["--quick"]), Ok((Extent::Quick, false)));
        assert_eq!(extent(&["--gate"]), Ok((Extent::Counts, true)));
        assert_eq!(extent(&["--gate", "--full"]), Ok((Extent::Full, true)));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for words in [&["--quick", "--full"][..], &["--quick", "--gate"], &["--gate", "--svg", "f"], &["--fast"]] {
            assert!(of(words).is_err(), "{words:?}");
        }
        assert!(parse(lexopt::Parser::from_args(["--quick"])).unwrap_err().contains("--stage"));
    }

    #[test]
    fn the_bindings_need_their_runtimes_and_times() {
        let with = |words: &[&str]| {
            let tools = ["--managed", "--dotnet", "d", "--new-java", "j", "--jars", "k"];
            of(&tools.iter().chain(words).copied().collect::<Vec<_>>())
        };
        let managed = with(&["--gate", "--full"]).unwrap().managed.unwrap();
        assert_eq!((managed.dotnet, managed.jars), ("d".into(), "k".into()));
        assert_eq!(with(&["--quick"]).unwrap().extent, Extent::Quick);
        assert!(with(&["--gate"]).is_err() && with(&["--svg", "f"]).is_err());
        assert!(of(&["--managed"]).unwrap_err().contains("--dotnet"));
    }
}
