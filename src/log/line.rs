//! The grammar of a line: `event key=value key=value`. docs/log.md tells it to those who read lines by program.

use std::fmt::Write;

/// One event, without the end of its line.
pub struct Line(pub(super) String);

/// As many characters of a value are shown; more is nothing that a person reads.
const LONGEST: usize = 2048;

impl Line {
    pub fn new(event: &str) -> Self {
        let mut text = String::with_capacity(160);
        text.push_str(event);
        Self(text)
    }

    pub fn add(&mut self, key: &str, value: &impl Value) {
        value.add_to(key, self);
    }

    fn begin(&mut self, key: &str) -> &mut String {
        self.0.push(' ');
        self.0.push_str(key);
        self.0.push('=');
        &mut self.0
    }
}

/// What can stand behind a key. None is left out, with its key.
pub trait Value {
    fn add_to(&self, key: &str, line: &mut Line);
}

impl<T: Value> Value for Option<T> {
    fn add_to(&self, key: &str, line: &mut Line) {
        if let Some(value) = self {
            value.add_to(key, line);
        }
    }
}

impl Value for u64 {
    fn add_to(&self, key: &str, line: &mut Line) {
        let _ = write!(line.begin(key), "{self}");
    }
}

impl Value for i64 {
    fn add_to(&self, key: &str, line: &mut Line) {
        let _ = write!(line.begin(key), "{self}");
    }
}

impl Value for bool {
    fn add_to(&self, key: &str, line: &mut Line) {
        line.begin(key).push_str(if *self { "true" } else { "false" });
    }
}

/// As it is where that can mean nothing else, else as a JSON string.
impl Value for &str {
    fn add_to(&self, key: &str, line: &mut Line) {
        let text = line.begin(key);
        let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'=' | b'\\');
        if !self.is_empty() && self.len() <= LONGEST && self.bytes().all(plain) {
            text.push_str(self);
            return;
        }
        text.push('"');
        for (count, char) in self.chars().enumerate() {
            if count == LONGEST {
                text.push('…');
                break;
            }
            match char {
                '"' | '\\' => text.extend(['\\', char]),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                _ if is_hidden(char) => {
                    let _ = write!(text, "\\u{:04x}", u32::from(char));
                }
                _ => text.push(char),
            }
        }
        text.push('"');
    }
}

/// What ends a line, or shows a reader another text than there is. All of it has four digits.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(value: &str) -> String {
        let mut line = Line::new("event");
        line.add("key", &value);
        line.0.strip_prefix("event key=").unwrap().to_owned()
    }

    #[test]
    fn a_value_is_plain_or_a_json_string() {
        for (value, expected) in [
            ("rest.ecgrid.io", "rest.ecgrid.io"),
            ("/v2/users/***", "/v2/users/***"),
            ("", r#""""#),
            ("two words", r#""two words""#),
            ("a=b", r#""a=b""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("a\r\nb\tc\0\u{7f}\u{85}\u{2028}\u{202e}", r#""a\r\nb\tc\u0000\u007f\u0085\u2028\u202e""#),
            ("Zoë", r#""Zoë""#),
        ] {
            assert_eq!(shown(value), expected);
        }
    }

    #[test]
    fn keys_without_a_value_are_left_out() {
        let mut line = Line::new("event");
        line.add("a", &None::<u64>);
        line.add("b", &Some(1_u64));
        line.add("c", &-1_i64);
        line.add("d", &true);
        assert_eq!(line.0, "event b=1 c=-1 d=true");
    }

    #[test]
    fn a_long_value_ends_in_dots() {
        let long = shown(&"ä".repeat(LONGEST + 1));
        assert_eq!(long.chars().count(), LONGEST + 3);
        assert!(long.ends_with("ä…\""));
        assert!(shown(&"a".repeat(LONGEST + 1)).ends_with("a…\""));
    }

    proptest! {
        #[test]
        fn a_reader_gets_every_value_back_and_never_a_second_line(value in any::<String>()) {
            let shown = shown(&value);
            prop_assert!(!shown.chars().any(|char| char.is_control() || is_hidden(char)));
            if shown.starts_with('"') {
                prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), value);
            } else {
                prop_assert!(!shown.contains([' ', '=', '"']));
                prop_assert_eq!(shown, value);
            }
        }
    }
}
