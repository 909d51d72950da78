//! Walks over a text that was checked: no mistakes are looked for, and what lies far is left out by the index.
//!
//! A NUL may stand in the text where it was cut for C, in place of the byte behind `data` or the last quote of the long
//! string. There it passes for what may stand between two values.

use std::ops::Range;

use super::Index;
use crate::wire::scan::end_of_checked;

pub struct Text<'a> {
    pub json: &'a [u8],
    pub index: &'a Index,
}

/// The element that was found last, as a list is walked from one to the next: its array and number, where it begins and,
/// if that is known, ends.
#[derive(Clone, Copy, Default)]
pub struct Last {
    pub array: usize,
    pub number: usize,
    pub at: usize,
    pub end: Option<usize>,
}

/// An element, or a member with its name in quotes.
pub struct Child {
    pub number: usize,
    pub name: Range<usize>,
    pub value: usize,
}

#[inline(always)]
fn is_between(byte: u8) -> bool {
    matches!(byte, 0 | b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')
}

impl<'a> Text<'a> {
    pub fn byte(&self, at: usize) -> u8 {
        self.json.get(at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn skip_between(&self, from: usize) -> usize {
        let mut at = from;
        while self.json.get(at).is_some_and(|&byte| is_between(byte)) {
            at += 1;
        }
        at
    }

    /// Where the answer itself begins.
    pub fn start(&self) -> usize {
        let mark = "\u{feff}".as_bytes();
        self.skip_between(if self.json.starts_with(mark) { mark.len() } else { 0 })
    }

    /// The end of a string, if it comes before `limit`.
    fn end_of_string(&self, start: usize, limit: usize) -> Option<usize> {
        let mut at = start + 1;
        let text = if limit < self.json.len() { &self.json[..limit] } else { self.json };
        loop {
            at = end_of_checked(text, at);
            match text.get(at) {
                Some(b'"') => return Some(at + 1),
                Some(_) => at += 2,
                None => return None,
            }
        }
    }

    /// The end of any value, if it comes before `limit`.
    #[inline(always)]
    fn end_of_value(&self, start: usize, limit: usize) -> Option<usize> {
        match self.byte(start) {
            b'{' | b'[' => self.end_of_container(start, limit),
            b'"' => match &self.index.long {
                Some(long) if long.start == start => Some(long.end),
                _ => self.end_of_string(start, limit),
            },
            _ => Some(self.end_of_word(start)),
        }
    }

    fn end_of_container(&self, start: usize, limit: usize) -> Option<usize> {
        let (mut at, mut depth) = (start, 0_usize);
        while at < limit {
            match self.json.get(at)? {
                b'"' => {
                    at = self.end_of_value(at, limit)?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                #[cfg(test)]
                super::tests::count(at - start);
                return Some(at);
            }
        }
        None
    }

    /// Of a number, true, false or null.
    #[inline(always)]
    fn end_of_word(&self, start: usize) -> usize {
        let mut at = start + 1;
        while self.json.get(at).is_some_and(|&byte| !is_between(byte) && !matches!(byte, b']' | b'}')) {
            at += 1;
        }
        at
    }

    /// Where a string, number, boolean or null is.
    pub fn scalar(&self, at: usize) -> Option<Range<usize>> {
        match self.byte(at) {
            0 | b'{' | b'[' => None,
            _ => Some(at..self.end_of_value(at, usize::MAX)?),
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
    /// Behind the last child, once there is no other.
    pub fn end(&self) -> Option<usize> {
        self.text.json.get(self.at).map(|_| self.at + 1)
    }

    /// Where the next child begins, if there is one.
    #[inline(always)]
    fn next_start(&mut self) -> Option<usize> {
        self.at = self.text.skip_between(self.at);
        self.text.json.get(self.at).filter(|byte| !matches!(byte, b'}' | b']')).map(|_| self.at)
    }

    /// Goes on behind a child.
    #[inline(always)]
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

    #[inline(always)]
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
