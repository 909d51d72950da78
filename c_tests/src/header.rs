//! `ecgrid.h`, read as text.

use std::collections::BTreeSet;
use std::fs;

use ecgrid_c_tests::stage::Stage;

pub struct Header {
    pub text: String,
    /// Without comments.
    pub code: String,
}

impl Header {
    pub fn read(stage: &Stage) -> Result<Self, String> {
        let path = stage.header();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut code = String::new();
        let mut rest = text.as_str();
        while let Some((before, comment)) = rest.split_once("/*") {
            code.push_str(before);
            code.push(' ');
            rest = comment.split_once("*/").ok_or("a comment has no end")?.1;
        }
        code.push_str(rest);
        Ok(Self { text, code })
    }

    /// The names of all functions.
    pub fn functions(&self) -> BTreeSet<String> {
        let before_parenthesis = self.code.split('(').map(last_word);
        before_parenthesis.filter(|name| name.starts_with("ecgrid_")).map(str::to_owned).collect()
    }
}

fn last_word(text: &str) -> &str {
    let start = text.rfind(|char: char| !char.is_ascii_alphanumeric() && char != '_').map_or(0, |at| at + 1);
    &text[start..]
}
