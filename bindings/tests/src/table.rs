//! The form of the conformance table, seen to before anybody plays it: a runner does not look at what it does not know.

use std::collections::HashSet;
use std::path::Path;

/// What a verb takes: so many words, and whether something comes of it.
struct Verb {
    name: &'static str,
    words: std::ops::RangeInclusive<usize>,
    is_expected_of: bool,
}

const fn verb(name: &'static str, least: usize, most: usize, is_expected_of: bool) -> Verb {
    Verb { name, words: least..=most, is_expected_of }
}

const VERBS: &[Verb] = &[
    verb("client", 1, 14, true),
    verb("login", 2, 2, true),
    verb("default-login", 2, 2, true),
    verb("version", 0, 0, true),
    verb("session", 2, 2, true),
    verb("key-session", 1, 1, true),
    verb("token", 0, 0, true),
    verb("refused", 0, 0, true),
    verb("refresh", 0, 0, true),
    verb("logout", 0, 0, true),
    verb("info", 0, 0, true),
    verb("change-password", 2, 2, true),
    verb("generate-key", 1, 1, true),
    verb("call", 2, 3, true),
    verb("pending", 0, 1, true),
    verb("download", 1, 1, true),
    verb("download-file", 2, 2, true),
    verb("confirm", 1, 1, true),
    verb("upload", 2, 2, true),
    verb("upload-file", 1, 2, true),
    verb("inbox", 1, 2, true),
    verb("outbox", 1, 1, true),
    verb("settle", 1, 1, true),
    verb("receive", 0, 0, true),
    verb("send", 0, 0, true),
    verb("look", 1, 1, true),
    verb("finish", 0, 0, true),
    verb("close", 1, 1, false),
    verb("cancel", 1, 1, false),
    verb("pause", 1, 1, false),
    verb("server", 1, 10, false),
    verb("route", 0, 3, false),
    verb("file", 2, 2, false),
    verb("holds", 1, 14, false),
    verb("reads", 2, 2, false),
];

/// What makes no request, and so has no end of its own.
const ALONE: [&str; 6] = ["client", "look", "finish", "inbox", "outbox", "settle"];

/// What is running in a case.
#[derive(Clone, Copy, PartialEq)]
enum Running {
    Nothing,
    Step,
    CancellableStep,
}

/// How many cases there are, if all of them are in order.
pub fn count_cases(table: &Path) -> Result<u64, String> {
    let text = std::fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    check(&text).map_err(|error| format!("{}:{error}", table.display()))
}

fn check(text: &str) -> Result<u64, String> {
    let (mut names, mut steps, mut running) = (HashSet::new(), 0, Running::Nothing);
    let end = |steps: usize, running: Running| match (steps, running) {
        (0, _) => Err("a case without steps"),
        (_, Running::Nothing) => Ok(()),
        _ => Err("a step that was started and not finished"),
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let mut last = 0;
    for (index, line) in lines {
        last = index + 1;
        let wrong = |what: &str| format!("{last}: {what}: {line}");
        if let Some(name) = line.strip_prefix("case ") {
            if !names.is_empty() {
                end(steps, running).map_err(|what| wrong(&format!("before this, {what}")))?;
            }
            if !names.insert(name) {
                return Err(wrong("two cases of one name"));
            }
            (steps, running) = (0, Running::Nothing);
            continue;
        }
        if names.is_empty() {
            return Err(wrong("a step of no case"));
        }
        running = step(line, running).map_err(|what| wrong(&what))?;
        steps += 1;
    }
    end(steps, running).map_err(|what| format!("{last}: {what}"))?;
    Ok(names.len() as u64)
}

/// What is running after this step.
fn step(line: &str, running: Running) -> Result<Running, String> {
    let (doing, expected) = match line.split_once(" =>") {
        Some((doing, expected)) => (doing, Some(expected)),
        None => (line, None),
    };
    let mut words: Vec<&str> = doing.split(' ').filter(|word| !word.is_empty()).collect();
    let known = ["start", "start-cancellable", "cancelled", "within"];
    let around = words.first().copied().filter(|word| known.contains(word));
    if around.is_some() {
        words.remove(0);
    }
    if around == Some("within") && (words.is_empty() || words.remove(0).parse::<i64>().is_err()) {
        return Err("within takes milliseconds and a step".into());
    }
    let Some((name, words)) = words.split_first() else { return Err("no step".into()) };
    let verb = VERBS.iter().find(|verb| verb.name == *name).ok_or_else(|| format!("there is no step {name}"))?;
    if !verb.words.contains(&words.len()) {
        return Err(format!("{name} takes {:?} words", verb.words));
    }
    let starts = around.is_some_and(|word| word.starts_with("start"));
    if expected.is_some() && (starts || !verb.is_expected_of) {
        return Err("nothing comes of this step".into());
    }
    if around.is_some() && (!verb.is_expected_of || ALONE.contains(name)) {
        return Err(format!("{name} cannot be started, cancelled or timed"));
    }
    let slots: &[&str] = match *name {
        "close" => &["client", "session", "token", "response", "parcel", "inbox", "outbox"],
        "look" => &["token", "response", "parcel"],
        "cancel" if running == Running::CancellableStep => &["client", "session", "inbox", "outbox", "call"],
        "cancel" => &["client", "session", "inbox", "outbox"],
        _ => &[],
    };
    if !slots.is_empty() && !slots.contains(&words[0]) {
        return Err(format!("{name} takes one of {}", slots.join(", ")));
    }
    match (starts, *name, running) {
        (true, _, Running::Nothing) if around == Some("start") => Ok(Running::Step),
        (true, _, Running::Nothing) => Ok(Running::CancellableStep),
        (true, ..) => Err("a step is running".into()),
        (_, "finish", Running::Nothing) => Err("no step is running".into()),
        (_, "finish", _) => Ok(Running::Nothing),
        _ => Ok(running),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_table_in_order_is_counted() {
        let text = "# words\ncase a\nclient http\nlogin x y => OK user=1\n\ncase b\nclient http\nstart version\nfinish => OK\n";
        assert_eq!(check(text), Ok(2));
    }

    #[test]
    fn what_no_runner_would_see_is_found() {
        for (steps, what) in [
            ("close client => CLOSED", "nothing comes of"),
            ("start login x y => OK", "nothing comes of"),
            ("server requests=0 => OK", "nothing comes of"),
            ("server", "takes"),
            ("cancel sesion", "takes one of"),
            ("cancel call", "takes one of"),
            ("start login x y\ncancel call\nfinish", "takes one of"),
            ("finish => OK", "no step is running"),
            ("start version\nstart version", "a step is running"),
            ("start version", "not finished"),
            ("login x", "takes"),
            ("cancelled close client", "cannot be"),
            ("within 5 close client", "cannot be"),
            ("cancelled inbox x", "cannot be"),
            ("holds", "takes"),
            ("within version", "takes milliseconds"),
            ("walk", "there is no step"),
            ("", "without steps"),
        ] {
            let error = check(&format!("case a\n{steps}\n")).unwrap_err();
            assert!(error.contains(what), "{steps}: {error}");
        }
        assert!(check("client http\n").unwrap_err().contains("of no case"));
        assert!(check("case a\nversion\ncase a\nversion\n").unwrap_err().contains("of one name"));
    }
}
