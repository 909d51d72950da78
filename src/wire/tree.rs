//! An index of one answer's text: made in one pass, so that a look-up does not read the text again.
//!
//! It holds places, never text: what an answer says stays where it is wiped.

mod pointer;
mod scan;

#[cfg(test)]
mod against_serde;

use scan::Scanner;

use super::json::Scalar;

/// Every look-up must be given the text that the index was made of.
pub struct Tree {
    /// The elements of an array, and the names and values of an object in turn, stand side by side.
    nodes: Vec<Node>,
    /// The whole answer.
    answer: Node,
    /// Its `data`, as the envelope has it.
    data: Option<Node>,
}

#[derive(Clone, Copy)]
enum Node {
    /// A string, number, boolean or null, by its place in the text.
    Scalar {
        start: u32,
        end: u32,
    },
    /// So many nodes from the first one on.
    Array {
        first: u32,
        count: u32,
    },
    Object {
        first: u32,
        count: u32,
    },
}

/// An index in the making.
#[derive(Default)]
struct Growing {
    nodes: Vec<Node>,
    /// A node waits until its array or object ends: only then do all of that stand side by side.
    waiting: Vec<Node>,
    open: Vec<Open>,
}

/// An array or object whose end has not been seen yet.
#[derive(Clone, Copy)]
struct Open {
    closer: u8,
    /// Where its nodes begin among those that wait.
    from: usize,
}

impl Growing {
    /// Before each value of an object there is a name.
    fn name_in(&mut self, closer: u8, scanner: &mut Scanner) -> Option<()> {
        if closer == b'}' {
            self.waiting.push(scanner.name()?);
        }
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let ended = self.open.pop()?;
        let first = u32::try_from(self.nodes.len()).ok()?;
        self.nodes.extend(self.waiting.drain(ended.from..));
        let count = u32::try_from(self.nodes.len()).ok()? - first;
        let is_object = ended.closer == b'}';
        self.waiting.push(if is_object { Node::Object { first, count } } else { Node::Array { first, count } });
        Some(())
    }
}

impl Tree {
    /// None for a text that is not valid JSON, or has 4 GiB and more. Depth costs memory, but no stack.
    pub fn build(json: &[u8]) -> Option<Self> {
        #[cfg(test)]
        tests::count_build();
        // No node can be further away than this, and no more nodes be than there are bytes.
        u32::try_from(json.len()).ok()?;
        let mut scanner = Scanner::new(json);
        let mut growing = Growing::default();
        'value: loop {
            if let Some(closer) = scanner.opens() {
                growing.open.push(Open { closer, from: growing.waiting.len() });
                if !scanner.takes(closer) {
                    growing.name_in(closer, &mut scanner)?;
                    continue;
                }
                growing.close()?;
            } else {
                growing.waiting.push(scanner.scalar()?);
            }
            while let Some(&Open { closer, .. }) = growing.open.last() {
                if scanner.takes(b',') {
                    growing.name_in(closer, &mut scanner)?;
                    continue 'value;
                }
                scanner.takes(closer).then_some(())?;
                growing.close()?;
            }
            break;
        }
        let Growing { mut nodes, mut waiting, .. } = growing;
        let answer = waiting.pop().filter(|_| scanner.is_at_end())?;
        nodes.shrink_to_fit();
        let mut tree = Self { nodes, answer, data: None };
        tree.data = tree.member(json, answer, "data");
        Some(tree)
    }

    fn children(&self, first: u32, count: u32) -> &[Node] {
        let first = first as usize;
        self.nodes.get(first..first + count as usize).unwrap_or_default()
    }

    /// An exact name wins over one in another case, a later one over an earlier.
    fn member(&self, json: &[u8], node: Node, name: &str) -> Option<Node> {
        let Node::Object { first, count } = node else { return None };
        let mut without_case = None;
        for pair in self.children(first, count).rchunks_exact(2) {
            match sameness(json, pair[0], name) {
                Some(Sameness::Exact) => return Some(pair[1]),
                Some(Sameness::WithoutCase) => without_case = without_case.or(Some(pair[1])),
                None => {}
            }
        }
        without_case
    }

    fn element(&self, node: Node, index: usize) -> Option<Node> {
        let Node::Array { first, count } = node else { return None };
        self.children(first, count).get(index).copied()
    }

    /// The array among the members of an object that has one and no more.
    fn only_array(&self, node: Node) -> Option<Node> {
        let Node::Object { first, count } = node else { return None };
        let values = self.children(first, count).iter().skip(1).step_by(2);
        let mut arrays = values.filter(|value| matches!(value, Node::Array { .. }));
        arrays.next().filter(|_| arrays.next().is_none()).copied()
    }
}

/// The text of a string, number, boolean or null.
fn scalar(json: &[u8], node: Node) -> Option<Scalar<'_>> {
    let Node::Scalar { start, end } = node else { return None };
    std::str::from_utf8(json.get(start as usize..end as usize)?).ok().map(Scalar)
}

enum Sameness {
    Exact,
    WithoutCase,
}

/// How a member's name, in its quotes, is the one wanted.
fn sameness(json: &[u8], node: Node, name: &str) -> Option<Sameness> {
    let quoted = scalar(json, node)?;
    let plain = quoted.0.get(1..quoted.0.len() - 1)?;
    let same = |text: &str| match text == name {
        true => Some(Sameness::Exact),
        false => text.eq_ignore_ascii_case(name).then_some(Sameness::WithoutCase),
    };
    if plain.len() < name.len() {
        // No escape is shorter than what it stands for.
        None
    } else if plain.contains('\\') {
        same(&quoted.string()?)
    } else {
        same(plain)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static BUILT: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count_build() {
        BUILT.set(BUILT.get() + 1);
    }

    impl Tree {
        /// How many this thread has made, or tried to.
        pub fn built() -> usize {
            BUILT.get()
        }
    }

    #[test]
    fn only_sound_json_is_indexed() {
        for sound in ["{}", " [ ] ", "[[],{},[{}]]", r#"{"a":{"b":[]}}"#, "\u{feff} {\"a\":1e999} ", "-0.5E+1", "\"\""]
        {
            assert!(Tree::build(sound.as_bytes()).is_some(), "{sound}");
        }
        for wrong in [
            "",
            " ",
            "{",
            "[",
            "]",
            "[}",
            "{]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\" 1}",
            "{1:2}",
            "{} {}",
            "[1]]",
            "tru",
            "truex",
            "nul",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "\"",
            "\"\\",
            "\"\\\"",
            "\"\\q\"",
            "\"\\u12g4\"",
            "\"\\u123",
            "\"\n\"",
            "'a'",
        ] {
            assert!(Tree::build(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let depth = 1_000_000;
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        assert!(std::thread::scope(|scope| {
            let small = std::thread::Builder::new().stack_size(64 * 1024);
            small.spawn_scoped(scope, || Tree::build(deep.as_bytes()).is_some()).unwrap().join().unwrap()
        }));
        assert!(Tree::build(&deep.as_bytes()[1..]).is_none());
    }

    #[test]
    fn a_row_costs_little_more_than_its_text() {
        let row = r#"{"parcelId":4711,"status":"InBoxReady"}"#;
        let tree = Tree::build(format!("[{row},{row}]").as_bytes()).unwrap();
        assert_eq!((tree.nodes.len(), size_of::<Node>()), (2 * 5, 12));
    }
}
