//! Words of a server in our messages: one line, and short.

use std::borrow::Cow;

/// As long as an excerpt gets, in characters.
const MAX_CHARS: usize = 200;

/// Text on one line: markup, control characters and runs of white space become single spaces.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut in_tag = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            // Only what looks like a tag: "a < b" is text.
            '<' if chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')) => {
                in_tag = true;
            }
            '>' if in_tag => {
                in_tag = false;
                push_space(&mut line);
            }
            _ if in_tag => {}
            space if space.is_whitespace() || space.is_control() || is_invisible(space) => push_space(&mut line),
            char => line.push(char),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

fn push_space(line: &mut String) {
    if !line.is_empty() && !line.ends_with(' ') {
        line.push(' ');
    }
}

/// Direction marks and the like, which can make a line read as something else.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The beginning of a line, cut between characters.
pub fn excerpt(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(MAX_CHARS) {
        None => Cow::Borrowed(line),
        Some(_) => {
            let cut = line.char_indices().nth(MAX_CHARS - 1).map_or(0, |(at, _)| at);
            Cow::Owned(format!("{}…", line[..cut].trim_end()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_its_words() {
        let page =
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\n<body>\t<h1>Bad\u{0}Gateway</h1></body></html>";
        assert_eq!(one_line(page), "502 Bad Gateway Bad Gateway");
        assert_eq!(one_line("a < b > c <br/>d"), "a < b > c d");
        assert_eq!(one_line("\u{202e}abc\u{200b}\r\nX: y"), "abc X: y");
        assert_eq!(one_line("<unclosed"), "");
    }

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        assert_eq!(excerpt("short"), "short");
        let exact = "é".repeat(200);
        assert_eq!(excerpt(&exact), exact);
        let long = "😀".repeat(201);
        let cut = excerpt(&long);
        assert_eq!(cut.chars().count(), 200);
        assert!(cut.ends_with('…'));
    }
}
