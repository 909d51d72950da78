//! Walks over a text that was checked: no mistakes are looked for, and what lies far is left out by the index.
//!
//! A NUL may stand in the text where it was cut for C, in place of the byte behind `data` or the last quote of the long
//! string. There it passes for what may stand between two values.

use std::ops::Range;

use super::Index;
use crate::wire::scan::end_of_plain;

pub struct Text<'a> {
    pub json: &'a [u8],
    pub index: &'a Index,
}

/// An element, or a member with its name in quotes.
pub struct Child {
    pub number: usize,
    pub name: Range<usize>,
    pub value: usize,
}

fn is_between(byte: u8) -> bool {
    matches!(byte, 0 | b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')
}

impl<'a> Text<'a> {
    pub fn byte(&self, at: usize) -> u8 {
        self.json.get(at).copied().unwrap_or(0)
    }

    fn skip_between(&self, from: usize) -> usize {
        let rest = self.json.get(from..).unwrap_or_default();
        from + rest.iter().position(|&byte| !is_between(byte)).unwrap_or(rest.len())
    }

    /// Where the answer itself begins.
    pub fn start(&self) -> usize {
        let mark = "\u{feff}".as_bytes();
        self.skip_between(if self.json.starts_with(mark) { mark.len() } else { 0 })
    }

    /// The end of a string, if it comes before `limit`.
    fn end_of_string(&self, start: usize, limit: usize) -> Option<usize> {
        if let Some(long) = self.index.long.as_ref().filter(|long| long.start == start) {
            return Some(long.end);
        }
        let text = &self.json[..self.json.len().min(limit)];
        let mut at = start + 1;
        loop {
            at = end_of_plain(text, at);
            match text.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                // Nothing else ends a piece in a text that was checked.
                _ => at += 1,
            }
        }
    }

    /// The end of any value, if it comes before `limit`.
    fn end_of_value(&self, start: usize, limit: usize) -> Option<usize> {
        let (mut at, mut depth) = (start, 0_usize);
        loop {
            match *self.json.get(at).filter(|_| at < limit)? {
                b'"' => at = self.end_of_string(at, limit)?,
                b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
                b'}' | b']' => (at, depth) = (at + 1, depth.saturating_sub(1)),
                byte if is_between(byte) => {
                    at += 1;
                    continue;
                }
                _ => at = self.end_of_word(at),
            }
            if depth == 0 {
                #[cfg(test)]
                super::tests::count(at - start);
                return Some(at);
            }
        }
    }

    /// Of a number, true, false or null.
    fn end_of_word(&self, start: usize) -> usize {
        let rest = self.json.get(start..).unwrap_or_default();
        let is_end = |&byte: &u8| is_between(byte) || matches!(byte, b']' | b'}');
        start + rest.iter().position(is_end).unwrap_or(rest.len()).max(1)
    }

    /// Where a string, number, boolean or null is.
    pub fn scalar(&self, at: usize) -> Option<Range<usize>> {
        match self.byte(at) {
            0 | b'{' | b'[' => None,
            b'"' => Some(at..self.end_of_string(at, usize::MAX)?),
            _ => Some(at..self.end_of_word(at)),
        }
    }

    /// What is in an array or object, from the child of that number and place on.
    pub fn children(&self, container: usize, number: usize, at: usize) -> Children<'_, 'a> {
        Children { text: self, container, is_object: self.byte(container) == b'{', number, at, last: None }
    }
}

pub struct Children<'t, 'a> {
    text: &'t Text<'a>,
    container: usize,
    is_object: bool,
    number: usize,
    at: usize,
    /// The child before, whose end is only looked for when the next one is wanted: where it and its value begin.
    last: Option<(usize, usize)>,
}

impl Children<'_, '_> {
    /// Where the next child begins, if there is one.
    fn next_start(&mut self) -> Option<usize> {
        self.at = self.text.skip_between(self.at);
        self.text.json.get(self.at).filter(|byte| !matches!(byte, b'}' | b']')).map(|_| self.at)
    }

    /// Goes on behind a child.
    fn leave(&mut self, (start, value): (usize, usize)) {
        self.number += 1;
        let limit = start.saturating_add(self.text.index.patience());
        let end = self.text.end_of_value(value, limit);
        let end = end.or_else(|| self.text.index.after(self.container, start));
        self.at = end.unwrap_or(self.text.json.len());
    }
}

impl Iterator for Children<'_, '_> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        if let Some(last) = self.last.take() {
            self.leave(last);
        }
        let start = self.next_start()?;
        let name_end = if self.is_object { self.text.end_of_string(start, usize::MAX)? } else { start };
        let value = self.text.skip_between(name_end);
        self.last = Some((start, value));
        Some(Child { number: self.number, name: start..name_end, value })
    }
}
