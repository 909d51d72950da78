//! The words and marks of a JSON text (RFC 8259).

use super::Node;

/// Reads from front to back. None, and false, are said of what has no place in JSON.
pub struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// A byte order mark is passed over, as where the answer is checked.
    pub fn new(json: &'a [u8]) -> Self {
        let at = if json.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        Self { json, at }
    }

    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn passes(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let passed = self.peek().is_some_and(wanted);
        self.at += usize::from(passed);
        passed
    }

    fn skip_space(&mut self) {
        while self.passes(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {}
    }

    pub fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.json.len()
    }

    pub fn takes(&mut self, mark: u8) -> bool {
        self.skip_space();
        self.passes(|byte| byte == mark)
    }

    /// Where an array or object begins: with what it ends.
    pub fn opens(&mut self) -> Option<u8> {
        self.skip_space();
        let closer = match self.peek()? {
            b'{' => b'}',
            b'[' => b']',
            _ => return None,
        };
        self.at += 1;
        Some(closer)
    }

    /// A member's name, with the colon behind it.
    pub fn name(&mut self) -> Option<Node> {
        self.skip_space();
        let start = self.at;
        self.string()?;
        let name = self.node(start);
        self.takes(b':').then_some(name)?
    }

    pub fn scalar(&mut self) -> Option<Node> {
        self.skip_space();
        let start = self.at;
        match self.peek()? {
            b'"' => self.string()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        self.node(start)
    }

    fn node(&self, start: usize) -> Option<Node> {
        Some(Node::Scalar { start: start.try_into().ok()?, end: self.at.try_into().ok()? })
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.at += self.json.get(self.at..)?.starts_with(word).then_some(word.len())?;
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        self.passes(|byte| byte == b'"').then_some(())?;
        loop {
            while self.passes(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {}
            if self.passes(|byte| byte == b'"') {
                return Some(());
            }
            self.passes(|byte| byte == b'\\').then_some(())?;
            if self.passes(|byte| byte == b'u') {
                // Half a surrogate pair is found out where the string is asked for.
                (0..4).all(|_| self.passes(|byte| byte.is_ascii_hexdigit())).then_some(())?;
            } else {
                self.passes(|byte| br#""\/bfnrt"#.contains(&byte)).then_some(())?;
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        self.passes(|byte| byte == b'-');
        if !self.passes(|byte| byte == b'0') {
            self.digits()?;
        }
        if self.passes(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.passes(|byte| matches!(byte, b'e' | b'E')) {
            self.passes(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.passes(|byte| byte.is_ascii_digit()) {}
        (self.at > start).then_some(())
    }
}
