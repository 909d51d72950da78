//! Checks JSON (RFC 8259) from front to back, many bytes at a time, with no memory but a stack of fixed depth.

use std::ops::Range;

use serde::de::IgnoredAny;

mod check;
mod plain;

#[cfg(test)]
mod against_serde;

/// Deeper than any text may be nested, whatever its reader allows.
const DEEPEST: usize = 1024;

/// Deeper than any answer of ECGrid's.
pub const MAX_DEPTH: usize = 64;

/// More than any JSON that somebody wrote, for what is only passed on.
pub const PASSED_ON: usize = DEEPEST;

/// Learns where the parts of a text are while it is checked. What it was told of a text that then fails is void.
pub trait Visit {
    /// An array or object begins.
    fn open(&mut self, _at: usize) {}
    /// It is over; `end` is behind its last byte.
    fn close(&mut self, _end: usize) {}
    /// An element, or a member with its name, of the innermost one that is open.
    fn child(&mut self, _at: usize) {}
    /// A string that is a value, in its quotes. `plain`: it has no escapes.
    fn string(&mut self, _range: Range<usize>, _plain: bool) {}
    /// Whether to read on from there: asked at each child and each escape, as these are what takes time.
    fn goes_on(&mut self, _at: usize) -> bool {
        true
    }
}

/// For whoever only asks whether a text is sound.
impl Visit for () {}

pub use check::{Unsound, check};
pub use plain::{end as end_of_plain, near_end as near_end_of_plain};

/// Reads from front to back. None is said of what has no place in JSON.
pub struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
    /// So far the text is known to be UTF-8. Pure ASCII, as far as the scanner has come, is not counted.
    checked: usize,
    most: usize,
    too_deep: bool,
    open: Open,
}

/// The arrays and objects whose ends have not been seen yet: whether each is an object.
#[derive(Default)]
struct Open {
    depth: usize,
    objects: [u64; DEEPEST / 64],
}

impl Open {
    fn push(&mut self, is_object: bool) {
        let (word, bit) = (&mut self.objects[self.depth / 64], 1 << (self.depth % 64));
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
    }

    #[inline(always)]
    fn innermost_is_object(&self) -> Option<bool> {
        let last = self.depth.checked_sub(1)?;
        Some(self.objects[last / 64] & (1 << (last % 64)) != 0)
    }
}

impl<'a> Scanner<'a> {
    /// `most`: how deep the text may be nested.
    pub fn new(json: &'a [u8], most: usize) -> Self {
        Self { json, at: 0, checked: 0, most: most.min(DEEPEST), too_deep: false, open: Open::default() }
    }

    /// RFC 8259, 8.1 lets a parser ignore a byte order mark, and some .NET servers write one.
    pub fn skip_mark(&mut self) {
        if self.json.starts_with("\u{feff}".as_bytes()) {
            self.at = 3;
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    #[inline(always)]
    fn passes(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let passed = self.peek().is_some_and(wanted);
        self.at += usize::from(passed);
        passed
    }

    #[inline(always)]
    fn takes(&mut self, mark: u8) -> bool {
        self.passes(|byte| byte == mark)
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        // Most texts have none, and this is the cheapest way to see it.
        while self.peek().is_some_and(|byte| byte <= b' ') && self.passes(|byte| b" \t\n\r".contains(&byte)) {}
    }

    pub fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.json.len()
    }

    /// An object, and what is in it. Each of its members is told, its name in quotes, where its value is.
    pub fn object(&mut self, visit: &mut impl Visit, mut member: impl FnMut(Range<usize>, Range<usize>)) -> Option<()> {
        self.skip_space();
        visit.open(self.at);
        self.takes(b'{').then_some(())?;
        self.open(true)?;
        self.skip_space();
        if !self.takes(b'}') {
            loop {
                self.skip_space();
                visit.child(self.at);
                let name = self.name(visit)?;
                self.skip_space();
                let start = self.at;
                self.value(visit)?;
                member(name, start..self.at);
                self.skip_space();
                if !self.takes(b',') {
                    break;
                }
            }
            self.takes(b'}').then_some(())?;
        }
        self.open.depth -= 1;
        visit.close(self.at);
        Some(())
    }

    /// Any value, and what is in it.
    pub fn value(&mut self, visit: &mut impl Visit) -> Option<()> {
        let outside = self.open.depth;
        'value: loop {
            self.skip_space();
            let start = self.at;
            match self.peek()? {
                b'"' => {
                    let plain = self.string(visit)?;
                    visit.string(start..self.at, plain);
                }
                first @ (b'{' | b'[') => {
                    let is_object = first == b'{';
                    visit.open(start);
                    self.at += 1;
                    self.open(is_object)?;
                    self.skip_space();
                    if !self.takes(if is_object { b'}' } else { b']' }) {
                        self.child(is_object, visit)?;
                        continue 'value;
                    }
                    self.open.depth -= 1;
                    visit.close(self.at);
                }
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => self.number()?,
            }
            while self.open.depth > outside {
                let is_object = self.open.innermost_is_object()?;
                self.skip_space();
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        self.skip_space();
                        self.child(is_object, visit)?;
                        continue 'value;
                    }
                    b'}' if is_object => {}
                    b']' if !is_object => {}
                    _ => return None,
                }
                self.at += 1;
                self.open.depth -= 1;
                visit.close(self.at);
            }
            return Some(());
        }
    }

    fn open(&mut self, is_object: bool) -> Option<()> {
        self.too_deep = self.open.depth == self.most;
        (!self.too_deep).then(|| self.open.push(is_object))
    }

    /// What stands before the value of a child.
    #[inline(always)]
    fn child(&mut self, is_object: bool, visit: &mut impl Visit) -> Option<()> {
        visit.child(self.at);
        visit.goes_on(self.at).then_some(())?;
        if is_object { self.name(visit).map(drop) } else { Some(()) }
    }

    /// A member's name, with the colon behind it.
    fn name(&mut self, visit: &mut impl Visit) -> Option<Range<usize>> {
        let start = self.at;
        (self.peek()? == b'"').then_some(())?;
        self.string(visit)?;
        let name = start..self.at;
        self.skip_space();
        self.takes(b':').then_some(name)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.at += self.json[self.at..].starts_with(word).then_some(word.len())?;
        Some(())
    }

    /// Whether it has no escapes. The scanner stands at its first quote.
    #[inline(always)]
    fn string(&mut self, visit: &mut impl Visit) -> Option<bool> {
        // As most are.
        match plain::near_end::<false>(self.json, self.at + 1) {
            Some(end) if self.json.get(end) == Some(&b'"') => {
                self.at = end + 1;
                Some(true)
            }
            _ => self.any_string(visit),
        }
    }

    #[inline(never)]
    fn any_string(&mut self, visit: &mut impl Visit) -> Option<bool> {
        self.at += 1;
        let mut plain = true;
        loop {
            if self.at < self.checked {
                self.at = plain::end::<true>(&self.json[..self.checked], self.at);
            }
            if self.at >= self.checked {
                self.at = plain::end::<false>(self.json, self.at);
            }
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(plain);
                }
                b'\\' => {
                    plain = false;
                    visit.goes_on(self.at).then_some(())?;
                    self.at += 1;
                    self.escape()?;
                }
                0x80.. => self.check_text()?,
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let passed = if self.takes(b'u') {
            // Half a surrogate pair is found out where the string is asked for.
            (0..4).all(|_| self.passes(|byte| byte.is_ascii_hexdigit()))
        } else {
            self.passes(|byte| br#""\/bfnrt"#.contains(&byte))
        };
        passed.then_some(())
    }

    /// Checks that a piece of the text from here on is UTF-8.
    #[cold]
    #[inline(never)]
    fn check_text(&mut self) -> Option<()> {
        const PIECE: usize = 4096;
        let piece = &self.json[self.at..self.json.len().min(self.at + PIECE)];
        let length = std::str::from_utf8(piece).map_or_else(|error| error.valid_up_to(), str::len);
        self.checked = self.at + length;
        (length > 0).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        // Not by `passes`: a cursor of its own stays in a register.
        let (json, mut at) = (self.json, self.at);
        let is = |at: usize, marks: &[u8]| json.get(at).is_some_and(|byte| marks.contains(byte));
        let digits = |from: usize| json[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += usize::from(is(at, b"-"));
        at += if is(at, b"0") { 1 } else { Some(digits(at)).filter(|count| *count > 0)? };
        if is(at, b".") {
            at += 1 + Some(digits(at + 1)).filter(|count| *count > 0)?;
        }
        if is(at, b"eE") {
            at += 1 + usize::from(is(at + 1, b"+-"));
            at += Some(digits(at)).filter(|count| *count > 0)?;
        }
        self.at = at;
        Some(())
    }

    /// What is wrong with a text that was not read to its end.
    #[cold]
    pub fn flaw(&self) -> String {
        if self.too_deep {
            return format!("it is nested deeper than {} levels", self.most);
        }
        match std::str::from_utf8(self.json) {
            Err(error) => format!("it is not UTF-8 (wrong from byte {} on)", error.valid_up_to()),
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').filter(|_| self.at > 0).unwrap_or(text);
                // Its words are the better ones. It needs no memory up to the flaw.
                let why = serde_json::from_str::<IgnoredAny>(text).err().map(|error| format!(" ({error})"));
                format!("it is not valid JSON{}", why.unwrap_or_default())
            }
        }
    }
}
