//! Walks over a text that was checked: no mistakes are looked for, and what lies far is left out by the index.
//!
//! A NUL may stand in the text where it was cut for C, in place of the byte behind `data` or the last quote of the long
//! string. There it passes for what may stand between two values.

use std::ops::Range;

use super::Index;
use crate::wire::scan::{end_of_plain, near_end_of_plain};

pub struct Text<'a> {
    pub json: &'a [u8],
    pub index: &'a Index,
}

/// An element, or a member with its name in quotes.
pub struct Child {
    pub number: usize,
    pub name: Range<usize>,
    /// There are no escapes in the name.
    pub plain: bool,
    pub value: usize,
    /// Of a member's value, if it was read that far.
    pub end: Option<usize>,
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

    /// The end of a string, if it comes before `limit`, and whether there are no escapes in it.
    #[inline(always)]
    fn end_of_string(&self, start: usize, limit: usize) -> Option<(usize, bool)> {
        // As most are.
        match near_end_of_plain::<true>(self.json, start + 1) {
            Some(end) if self.byte(end) == b'"' && end < limit => Some((end + 1, true)),
            _ => self.end_of_any_string(start, limit),
        }
    }

    #[inline(never)]
    fn end_of_any_string(&self, start: usize, limit: usize) -> Option<(usize, bool)> {
        let (mut at, mut plain) = (start + 1, true);
        let text = if limit < self.json.len() { &self.json[..limit] } else { self.json };
        loop {
            at = end_of_plain::<true>(text, at);
            match text.get(at) {
                Some(b'"') => return Some((at + 1, plain)),
                Some(_) => (at, plain) = (at + 2, false),
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
                _ => self.end_of_string(start, limit).map(|(end, _)| end),
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
                return Some(at);
            }
        }
        None
    }

    /// Of a number, true, false or null.
    #[inline(always)]
    fn end_of_word(&self, start: usize) -> usize {
        let mut at = start + 1;
        // What may stand in one, of what may stand behind it: a comma, a bracket, a space or a NUL.
        while self.json.get(at).is_some_and(|&byte| byte >= b'+' && byte != b',' && byte | 0x20 != b'}') {
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
    /// The element before, whose end is only looked for when the next one is wanted.
    last: Option<usize>,
}

impl Children<'_, '_> {
    /// How far it has come.
    pub fn place(&self) -> usize {
        self.at
    }

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

    /// Goes on behind a child, and says where its value ends if it was read that far.
    #[inline(always)]
    fn leave(&mut self, start: usize, value: usize) -> Option<usize> {
        self.number += 1;
        let limit = start.saturating_add(self.text.index.patience());
        let end = self.text.end_of_value(value, limit);
        #[cfg(test)]
        super::tests::count(end.unwrap_or(limit.min(self.text.json.len())).saturating_sub(start));
        self.at = end.or_else(|| self.text.index.after(self.container, start)).unwrap_or(self.text.json.len());
        end
    }
}

impl Iterator for Children<'_, '_> {
    type Item = Child;

    #[inline(always)]
    fn next(&mut self) -> Option<Child> {
        if let Some(last) = self.last.take() {
            self.leave(last, last);
        }
        let (number, start) = (self.number, self.next_start()?);
        if !self.is_object {
            self.last = Some(start);
            return Some(Child { number, name: start..start, plain: true, value: start, end: None });
        }
        let (name_end, plain) = self.text.end_of_string(start, usize::MAX)?;
        let value = self.text.skip_between(name_end);
        let end = self.leave(start, value);
        Some(Child { number, name: start..name_end, plain, value, end })
    }
}
