//! The sources can be read from the bottom up: no file uses one that uses it, however far around.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The modules of a crate, as `session::flight`, and the text of each without comments, tests and what a folder's own
/// file only hands on.
type Modules = BTreeMap<String, String>;

fn collect(folder: &Path, parent: &str, modules: &mut Modules) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let module = if parent.is_empty() { name.to_owned() } else { format!("{parent}::{name}") };
        if path.is_dir() {
            collect(&path, &module, modules);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_own = matches!(name, "mod" | "lib" | "main");
            modules.insert(if is_own { parent.to_owned() } else { module }, code(&fs::read_to_string(&path).unwrap()));
        }
    }
}

fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    let is_test = |rest: &str| rest.lines().nth(1).is_some_and(|line| line.contains("mod ") && line.ends_with(" {"));
    let tests = code.match_indices("#[cfg").map(|(at, _)| at).find(|at| is_test(&code[*at..]));
    let statements = code[..tests.unwrap_or(code.len())].split_inclusive(';');
    let hands_on = |text: &str| text.lines().any(|line| line.starts_with("pub") && line.contains(" use "));
    statements.filter(|text| !hands_on(text)).collect()
}

/// Each path in a text, those of a list in braces as well.
fn paths(text: &str) -> BTreeSet<String> {
    let (mut found, mut open, mut path) = (BTreeSet::new(), Vec::new(), String::new());
    for char in text.chars() {
        match char {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | ':' => path.push(char),
            '*' if path.ends_with("::") => path.push(char),
            // What stands before a list counts for each of its paths.
            '{' if path.ends_with("::") => open.push(path.clone()),
            _ => {
                found.insert(path);
                open.truncate(open.len().saturating_sub(usize::from(char == '}')));
                path = open.last().cloned().unwrap_or_default();
            }
        }
    }
    found.into_iter().filter(|path| !path.ends_with("::")).collect()
}

/// The module that a path leads to, seen from another.
fn target(path: &str, from: &str, modules: &Modules) -> Option<String> {
    let mut steps: Vec<&str> = path.split("::").collect();
    let mut place: Vec<&str> = from.split("::").filter(|step| !step.is_empty()).collect();
    match steps[0] {
        // As in pub(super).
        _ if steps.len() == 1 => return None,
        "crate" => place.clear(),
        "super" | "self" => {}
        name if modules.contains_key(&[&place[..], &[name]].concat().join("::")) => {}
        _ => return None,
    }
    steps.retain(|step| !matches!(*step, "crate" | "self"));
    for step in steps {
        if step == "super" {
            place.pop();
        } else if modules.contains_key(&[&place[..], &[step]].concat().join("::")) {
            place.push(step);
        } else {
            break;
        }
    }
    Some(place.join("::")).filter(|module| module != from)
}

#[test]
fn no_file_uses_one_that_uses_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in ["src", "sandbox/src"] {
        let mut modules = Modules::new();
        collect(&root.join(folder), "", &mut modules);
        let targets = |from: &String, text: &String| {
            paths(text).iter().filter_map(|path| target(path, from, &modules)).collect::<BTreeSet<_>>()
        };
        let mut uses: BTreeMap<_, _> = modules.iter().map(|(from, text)| (from, targets(from, text))).collect();
        assert!(uses.values().any(|used| !used.is_empty()), "{folder}: nothing was read");
        // Neither what uses nothing that is left, nor what nothing uses that is left, is part of a circle.
        loop {
            let is_used = |module: &str| uses.values().any(|used| used.contains(module));
            let outside = |(from, used): &(&&String, &BTreeSet<String>)| used.is_empty() || !is_used(from);
            let Some(next) = uses.iter().find(outside).map(|(from, _)| (*from).clone()) else { break };
            uses.remove(&next);
            uses.values_mut().for_each(|used| _ = used.remove(&next));
        }
        assert!(uses.is_empty(), "{folder}: a circle, with what each uses: {uses:#?}");
    }
}
