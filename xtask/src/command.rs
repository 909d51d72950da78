//! External commands: echoed so that a stranger can repeat them by hand, checked, never reading our stdin.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// The error is one line for a person.
pub type Outcome<T> = Result<T, String>;

/// Run with its output going where ours goes.
pub fn run(command: &mut Command) -> Outcome<()> {
    println!("$ {}", shown(command));
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| not_started(command, &error))?;
    ended_well(command, status)
}

/// Run with its output held back; shown only when it fails.
pub fn run_silently(command: &mut Command) -> Outcome<()> {
    println!("$ {}", shown(command));
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        print!("{}", String::from_utf8_lossy(&output.stderr));
    }
    ended_well(command, output.status)
}

/// Not echoed: questions to tools, not steps.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = output.output().map_err(|error| not_started(command, &error))?;
    ended_well(command, output.status)?;
    String::from_utf8(output.stdout).map_err(|_| format!("`{}` printed text that is not UTF-8", shown(command)))
}

/// Run, passing standard output on as it comes and handing each line to `see`.
pub fn stream(command: &mut Command, see: impl FnMut(&str)) -> Outcome<ExitStatus> {
    println!("$ {}", shown(command));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    let pipe = child.stdout.take().expect("stdout is piped");
    let passed = pass_on(pipe, &mut std::io::stdout(), see);
    if passed.is_err() {
        let _ = child.kill();
    }
    let status = child.wait();
    passed.and(status).map_err(|error| format!("lost the output of `{}`: {error}", shown(command)))
}

fn pass_on(mut pipe: impl Read, out: &mut impl Write, mut see: impl FnMut(&str)) -> std::io::Result<()> {
    let (mut chunk, mut pending) = ([0u8; 8192], Vec::new());
    loop {
        let length = match pipe.read(&mut chunk) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        if length == 0 && pending.is_empty() {
            return Ok(());
        }
        // An unfinished last line is finished here: what follows starts on its own.
        let new = if length == 0 { b"\n" } else { &chunk[..length] };
        out.write_all(new)?;
        out.flush()?;
        pending.extend_from_slice(new);
        while let Some(end) = pending.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            see(String::from_utf8_lossy(&line).trim_end());
        }
    }
}

fn ended_well(command: &Command, status: ExitStatus) -> Outcome<()> {
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed ({status})", shown(command)))
}

pub fn not_started(command: &Command, error: &std::io::Error) -> String {
    let program = Path::new(command.get_program()).display();
    match error.kind() {
        ErrorKind::NotFound => format!("{program} is not installed, or not in PATH"),
        _ => format!("cannot start {program}: {error}"),
    }
}

/// The command as one would type it in the repository's root.
pub fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), quoted(value)));
        }
    }
    let program = Path::new(command.get_program());
    // Cargo tells us its own full path; a person types its name.
    if program.is_absolute() && program.ends_with("bin/cargo") && program != Path::new("/usr/bin/cargo") {
        words.push("cargo".to_owned());
    } else {
        words.push(quoted(program.as_os_str()));
    }
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=+./:,@%^".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_is_typed() {
        let mut command = Command::new("/home/a/toolchain/bin/cargo");
        command.args(["build", "-p", "it's", "$ORIGIN/x", ""]);
        command.env("NAME", "two words").env_remove("GONE");
        assert_eq!(shown(&command), r"NAME='two words' cargo build -p 'it'\''s' '$ORIGIN/x' ''");
        assert_eq!(shown(&Command::new("/usr/bin/cargo")), "/usr/bin/cargo");
    }

    #[test]
    fn lines_are_passed_on_and_seen_the_unfinished_last_one_too() {
        let (mut out, mut lines) = (Vec::new(), Vec::new());
        let text = "one\n\ntwo \nend".as_bytes();
        pass_on(text, &mut out, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(out, b"one\n\ntwo \nend\n");
        assert_eq!(lines, ["one", "", "two", "end"]);
    }

    #[test]
    fn a_streamed_command_answers_its_exit_code() {
        let status = stream(Command::new("sh").args(["-c", "exit 3"]), |_| ()).unwrap();
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert_eq!(error, "no-such-program-here is not installed, or not in PATH");
    }
}
