//! A sparse index of one answer's text, made while the text is checked: every so many bytes of a long array or object it
//! knows where an element or member begins, and with what number. Between two such places, and in what is short, a
//! look-up reads the text.
//!
//! It holds places, never text: what an answer says stays where it is wiped.

mod last;
mod pointer;
mod shape;
mod walk;

#[cfg(test)]
mod against_serde;

use std::ops::Range;
use std::slice;

use super::scan::{MAX_DEPTH, Visit};
use crate::memory::{Memory, OutOfMemory};
pub use last::Last;
pub use shape::Kind;

/// Shorter texts have none.
const LEAST: usize = 4096;
/// At first a place is kept after so many bytes. Where that makes too many, the distance is doubled.
const STEP: usize = 128;
/// What has fewer steps has no places of its own.
const LONG: usize = 4;
/// The index takes at most this part of the text's size.
const SHARE: usize = 4;

/// Every look-up must be given the text that the index was made of.
#[derive(Default)]
pub struct Index {
    places: Memory,
    count: usize,
    step: usize,
    long: Option<Range<usize>>,
}

/// In an array or object, by where that begins: its child of that number, by where it begins. Sorted like that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C)]
struct Place {
    container: u32,
    number: u32,
    at: u32,
}

impl Place {
    fn order(&self) -> u64 {
        u64::from(self.container) << 32 | u64::from(self.number)
    }
}

/// In most answers they are in order already, but for what stands in the envelope behind a long list.
fn sort(places: &mut [Place]) {
    const FEW: usize = 16;
    let sorted = places.windows(2).take_while(|pair| pair[0].order() < pair[1].order()).count() + 1;
    if sorted + FEW < places.len() {
        return heap_sort(places);
    }
    for next in sorted..places.len() {
        let order = places[next].order();
        let at = places[..next].partition_point(|place| place.order() < order);
        places[at..=next].rotate_right(1);
    }
}

/// Of many, which is rare: core's sort is as quick, and takes 3 KB more of the library.
fn heap_sort(places: &mut [Place]) {
    fn sift(heap: &mut [Place], mut at: usize) {
        while let Some(mut larger) = Some(2 * at + 1).filter(|&child| child < heap.len()) {
            larger += usize::from(larger + 1 < heap.len() && heap[larger].order() < heap[larger + 1].order());
            if heap[larger].order() <= heap[at].order() {
                return;
            }
            heap.swap(at, larger);
            at = larger;
        }
    }
    for at in (0..places.len() / 2).rev() {
        sift(places, at);
    }
    for end in (1..places.len()).rev() {
        places.swap(0, end);
        sift(&mut places[..end], 0);
    }
}

/// An index in the making.
pub struct Growing {
    index: Index,
    length: usize,
    /// There are more places than there may be.
    overfull: bool,
    open: [Open; MAX_DEPTH],
    depth: usize,
}

/// An array or object whose end has not been seen yet.
#[derive(Clone, Copy, Default)]
struct Open {
    start: usize,
    number: u32,
    /// A child that begins there or later gets a place.
    next: usize,
}

impl Growing {
    /// For a text of that length.
    pub fn new(length: usize) -> Result<Self, OutOfMemory> {
        Self::with_step(length, STEP, length / SHARE)
    }

    fn with_step(length: usize, step: usize, size: usize) -> Result<Self, OutOfMemory> {
        // What does not fit the numbers has no index, and is read from the front each time.
        let step = if u32::try_from(length).is_ok() { step } else { 0 };
        let places = Memory::zeroed(if step == 0 { 0 } else { size })?;
        let index = Index { places, count: 0, step, long: None };
        Ok(Self { index, length, overfull: false, open: [Open::default(); MAX_DEPTH], depth: 0 })
    }

    /// Whether the text must be read once more, for fewer places.
    pub fn must_start_again(&mut self) -> bool {
        let overfull = std::mem::take(&mut self.overfull);
        if overfull {
            self.index.wipe();
            (self.index.step, self.index.count, self.depth) = (2 * self.index.step, 0, 0);
        }
        overfull
    }

    pub fn finish(mut self) -> Index {
        let count = self.index.count;
        sort(&mut self.index.room()[..count]);
        self.index
    }

    fn add(&mut self, container: usize, number: u32, at: usize) {
        let place = Place { container: container as u32, number, at: at as u32 };
        let count = self.index.count;
        match self.index.room().get_mut(count) {
            Some(free) => (*free, self.index.count) = (place, count + 1),
            None => self.overfull = true,
        }
    }
}

impl Visit for Growing {
    fn open(&mut self, at: usize) {
        if let Some(open) = self.open.get_mut(self.depth) {
            *open = Open { start: at, number: 0, next: at + LONG * self.index.step };
        }
        self.depth += 1;
    }

    fn close(&mut self, _end: usize) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn child(&mut self, at: usize) {
        let step = self.index.step;
        let Some(open) = self.depth.checked_sub(1).and_then(|last| self.open.get_mut(last)) else { return };
        let Open { start, number, next } = *open;
        open.number = number.saturating_add(1);
        if step > 0 && at >= next {
            open.next = at + step;
            self.add(start, number, at);
        }
    }

    fn string(&mut self, range: Range<usize>, plain: bool) {
        if plain && range.len() >= LEAST && range.len() > self.length / 4 * 3 {
            self.index.long = Some(range);
        }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl Index {
    pub fn is_worth_it(json: &[u8]) -> bool {
        json.len() >= LEAST
    }

    fn room(&mut self) -> &mut [Place] {
        let length = self.places.len() / size_of::<Place>();
        // SAFETY: as many as fit the memory, which is aligned for more than them; any bytes are a place.
        unsafe { slice::from_raw_parts_mut(self.places.as_mut_ptr().cast(), length) }
    }

    fn wipe(&mut self) {
        self.places.wipe(self.count * size_of::<Place>());
    }

    fn places(&self) -> &[Place] {
        // SAFETY: as in `room`; there are never more than fit.
        unsafe { slice::from_raw_parts(self.places.as_ptr().cast(), self.count) }
    }

    /// A string without escapes that is most of the text, in its quotes.
    pub fn long_string(&self) -> Option<Range<usize>> {
        self.long.clone()
    }

    /// How far a child is read before the index is asked where the next one begins: what goes on beyond has a next one in
    /// there.
    fn patience(&self) -> usize {
        if self.step == 0 { usize::MAX } else { LONG * self.step }
    }

    /// The last child with a place up to that number: its own number, and where it begins.
    fn before(&self, container: usize, number: usize) -> Option<(usize, usize)> {
        let wanted = (u32::try_from(container).ok()?, u32::try_from(number).unwrap_or(u32::MAX));
        let next = self.places().partition_point(|place| (place.container, place.number) <= wanted);
        let place = self.places().get(next.checked_sub(1)?).filter(|place| place.container == wanted.0)?;
        Some((place.number as usize, place.at as usize))
    }

    /// Where the first child with a place begins, after that position. None where the array or object is over.
    fn after(&self, container: usize, at: usize) -> Option<usize> {
        let wanted = (u32::try_from(container).ok()?, u32::try_from(at).ok()?);
        let next = self.places().partition_point(|place| (place.container, place.at) <= wanted);
        self.places().get(next).filter(|place| place.container == wanted.0).map(|place| place.at as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::wire::json::visit_object;

    thread_local! {
        static PASSED: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count(bytes: usize) {
        PASSED.set(PASSED.get() + bytes);
    }

    impl Index {
        /// How many bytes of values the look-ups of this thread have passed over.
        pub fn passed() -> usize {
            PASSED.get()
        }
    }

    impl Index {
        /// With places as near to each other as that, though they be more than there is text.
        pub fn build(json: &[u8], step: usize) -> Option<Self> {
            let mut growing = Growing::with_step(json.len(), step, 40 * json.len()).unwrap();
            visit_object(json, [], &mut growing).ok().map(|[]| growing.finish())
        }
    }

    impl Index {
        /// As it is built for an answer.
        pub fn build_as_usual(json: &[u8]) -> Self {
            build(std::str::from_utf8(json).unwrap())
        }
    }

    fn build(json: &str) -> Index {
        let mut growing = Growing::new(json.len()).unwrap();
        loop {
            visit_object(json.as_bytes(), [], &mut growing).map(|[]| ()).unwrap();
            if !growing.must_start_again() {
                return growing.finish();
            }
        }
    }

    #[test]
    fn it_is_a_fraction_of_the_text_whatever_that_is() {
        let teeth = format!("{}{}", "[".repeat(60), "],1".repeat(30));
        let tooth = format!("{},1{}", teeth, "]".repeat(30));
        for (name, json, most) in [
            ("numbers", format!(r#"{{"a":[{}]}}"#, "0,".repeat(500_000) + "0"), 10),
            ("rows", format!(r#"{{"a":[{}]}}"#, r#"{"id":123456789,"status":"InBoxReady"},"#.repeat(30_000) + "0"), 10),
            ("long rows", format!(r#"{{"a":[{}]}}"#, format!("[{}0],", "123,".repeat(150)).repeat(2_000) + "0"), 8),
            ("deep", format!(r#"{{"a":[{}]}}"#, format!("{tooth},").repeat(5_000) + "0"), SHARE),
            ("empty members", format!("{{{}\"\":0}}", r#""":{},"#.repeat(300_000)), 10),
            ("one string", format!(r#"{{"a":"{}"}}"#, "x".repeat(1_000_000)), 1000),
        ] {
            let index = build(&json);
            let size = index.count * size_of::<Place>();
            assert!(size <= json.len() / most && index.step >= STEP, "{name}: {size} for {}", json.len());
            assert!(index.places.len() <= json.len() / SHARE);
        }
    }

    /// All arrays and objects that are open get a place at once, again and again.
    #[test]
    fn the_distance_is_doubled_until_the_places_fit() {
        let filler = "1,".repeat(2 * STEP);
        let sawtooth = (0..50).fold(String::from("0"), |inner, _| format!("[{filler}{inner},[{filler}1]]"));
        let json = format!(r#"{{"a":[{}]}}"#, format!("{sawtooth},").repeat(10) + "0");
        let mut growing = Growing::with_step(json.len(), 1, json.len() / SHARE).unwrap();
        let mut rounds = 0;
        loop {
            visit_object(json.as_bytes(), [], &mut growing).map(|[]| ()).unwrap();
            if !growing.must_start_again() {
                break;
            }
            rounds += 1;
        }
        let index = growing.finish();
        assert!(rounds > 0 && index.step == 1 << rounds && index.count > 0, "{rounds}");
        let found = index.look_up(json.as_bytes(), None, b"/a/10", &mut Last::default()).unwrap();
        assert_eq!(found.map(|range| &json[range]), Some("0"));
    }

    #[test]
    fn places_are_put_in_order_however_many_are_not() {
        let place = |number: u32| Place { container: number % 3, number, at: number };
        for stray in [0, 1, 16, 17, 500] {
            let mut places: Vec<_> = (0..500).map(|number| Place { container: 1, number, at: number }).collect();
            places.extend((0..stray).rev().map(|number| place(1000 + number)));
            let mut expected = places.clone();
            expected.sort_by_key(Place::order);
            sort(&mut places);
            assert!(places == expected, "{stray}");
        }
        sort(&mut []);
    }

    #[test]
    fn a_string_is_long_if_it_is_most_of_the_text_and_has_no_escapes() {
        let text = |string: String| format!(r#"{{"data":"{string}","more":1}}"#);
        let long = text("x".repeat(100_000));
        assert_eq!(build(&long).long_string(), Some(8..100_010));
        assert_eq!(build(&text("x".repeat(100_000) + "\\n")).long_string(), None);
        assert_eq!(build(&format!(r#"{{"a":"{0}","b":"{0}"}}"#, "x".repeat(100_000))).long_string(), None);
        assert_eq!(build(&text("x".repeat(1000))).long_string(), None);
    }
}
