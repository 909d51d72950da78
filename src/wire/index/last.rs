//! What was found last: a list is walked from row to row, and a row from member to member.

use super::walk::Child;

/// It holds places in one text. They stay true as long as that does: a NUL in it moves nothing.
#[derive(Clone, Copy, Default)]
pub struct Last {
    pub element: Element,
    pub parent: Parent,
    pub members: Members,
}

/// An element: its array and number, where it begins and, if that is known, ends.
#[derive(Clone, Copy, Default)]
pub struct Element {
    pub array: usize,
    pub number: usize,
    pub at: usize,
    pub end: Option<usize>,
}

impl Element {
    pub fn go(&mut self, array: usize, number: usize, at: usize) {
        *self = Self { array, number, at, end: self.end.filter(|_| at == self.at) };
    }
}

/// All but the last step of a pointer, if that is short, and where it leads.
#[derive(Clone, Copy, Default)]
pub struct Parent {
    pointer: [u8; 32],
    length: u8,
    node: usize,
}

impl Parent {
    /// Where a pointer with a step in it leads, if it is this one.
    pub fn get(&self, pointer: &[u8]) -> Option<usize> {
        (&self.pointer[..self.length.into()] == pointer).then_some(self.node)
    }

    pub fn set(&mut self, pointer: &[u8], node: usize) {
        self.length = 0;
        if let (Some(place), Ok(length)) = (self.pointer.get_mut(..pointer.len()), pointer.len().try_into()) {
            place.copy_from_slice(pointer);
            (self.length, self.node) = (length, node);
        }
    }
}

/// The members of the last two objects that were read and have few: of a row, and of what its list is in.
#[derive(Clone, Copy, Default)]
pub struct Members {
    objects: [Object; 2],
    /// Which is the next to be forgotten.
    next: usize,
}

#[derive(Clone, Copy, Default)]
pub struct Object {
    at: Option<usize>,
    count: usize,
    few: [Member; MOST],
}

/// ECGrid's rows have no more.
const MOST: usize = 16;

#[derive(Clone, Copy, Default)]
struct Member {
    name: u32,
    name_end: u32,
    value: u32,
    /// Zero where it is not known.
    end: u32,
    plain: bool,
}

impl Members {
    /// Those of an object, if they are known.
    pub fn of(&mut self, object: usize) -> Option<&Object> {
        let found = self.objects.iter().position(|known| known.at == Some(object))?;
        self.next = 1 - found;
        Some(&self.objects[found])
    }

    /// For another object: what is known of one is forgotten.
    pub fn begin(&mut self) -> &mut Object {
        let object = &mut self.objects[self.next];
        (object.at, object.count) = (None, 0);
        self.next = 1 - self.next;
        object
    }
}

impl Object {
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Child> {
        self.few[..self.count].iter().enumerate().map(|(number, member)| Child {
            number,
            name: member.name as usize..member.name_end as usize,
            plain: member.plain,
            value: member.value as usize,
            end: Some(member.end as usize).filter(|end| *end > 0),
        })
    }

    pub fn add(&mut self, child: &Child) {
        if let Some(place) = self.few.get_mut(self.count) {
            // Whether they fit the numbers, `finish` sees.
            *place = Member {
                name: child.name.start as u32,
                name_end: child.name.end as u32,
                value: child.value as u32,
                end: child.end.unwrap_or(0) as u32,
                plain: child.plain,
            };
        }
        self.count += 1;
    }

    /// These were all, of an object that begins and ends there.
    pub fn finish(&mut self, at: usize, end: usize) {
        self.at = (self.count <= MOST && u32::try_from(end).is_ok()).then_some(at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Index;
    use crate::wire::json::members;

    /// Texts in which many names are alike, or alike but for case or for how they are spelled.
    fn texts() -> impl Strategy<Value = String> {
        let scalar =
            prop_oneof!["[1-9][0-9]{0,2}", "\"[a-c]{0,12}\"", Just("null".to_owned()), Just(r#""\n\"""#.to_owned())];
        let name =
            prop::sample::select(vec!["a", "A", "b", "B", "ab", "aB", "\\u0061", "\\u0041b", "a~", "", "0", "1"]);
        scalar.prop_recursive(5, 80, 20, move |inner| {
            let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!("\"{name}\" : {value}"));
            prop_oneof![
                2 => prop::collection::vec(inner, 0..6).prop_map(|all| format!("[{}]", all.join(", "))),
                2 => prop::collection::vec(member.clone(), 0..6).prop_map(|all| format!("{{{}}}", all.join(","))),
                // More than are remembered.
                1 => prop::collection::vec(member, MOST - 1..MOST + 4).prop_map(|all| format!("{{{}}}", all.join(","))),
            ]
        })
    }

    fn pointers() -> impl Strategy<Value = String> {
        let step = prop_oneof![
            3 => "[0-5]",
            3 => prop::sample::select(vec!["a", "A", "b", "AB", "ab", "a~0", "", "nowhere"]).prop_map(str::to_owned),
            1 => Just("x".repeat(40)),
        ];
        prop::collection::vec(step, 0..5).prop_map(|steps| steps.iter().map(|step| format!("/{step}")).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_remembered_changes_no_value(
            data in texts(),
            beside in texts(),
            pointers in prop::collection::vec(pointers(), 1..12),
            order in prop::collection::vec(any::<prop::sample::Index>(), 60),
            step in prop::sample::select(vec![0, 1, 3, 10]),
        ) {
            let text = format!(r#"{{"a":{beside},"data":{data},"B":[{beside}]}}"#);
            let index = Index::build(text.as_bytes(), step).unwrap();
            let data = members(&text, ["data"])[0].map(|data| data.as_ptr() as usize - text.as_ptr() as usize);
            let find = |pointer: &str, last: &mut Last| {
                index.look_up(text.as_bytes(), data, pointer.as_bytes(), last).unwrap()
            };
            let mut last = Last::default();
            for pointer in order.iter().map(|order| order.get(&pointers)) {
                prop_assert_eq!(find(pointer, &mut last), find(pointer, &mut Last::default()), "{} in {}", pointer, text);
            }
        }
    }

    /// Nor is what stands around them.
    #[test]
    fn rows_that_are_read_again_and_again_are_read_once() {
        let rows: Vec<String> = (0..100).map(|row| format!(r#"{{"id":{row},"fileName":"{row}.edi"}}"#)).collect();
        let text = format!(r#"{{"data":{{"total":100,"parcels":[{}],"more":{{}}}}}}"#, rows.join(","));
        let index = Index::build(text.as_bytes(), 0).unwrap();
        for list in ["", "/parcels"] {
            let mut last = Last::default();
            let before = Index::passed();
            for row in 0..100 {
                for (name, value) in [("id", row.to_string()), ("fileName", format!("\"{row}.edi\""))] {
                    let pointer = format!("{list}/{row}/{name}");
                    let found = index.look_up(text.as_bytes(), Some(8), pointer.as_bytes(), &mut last).unwrap();
                    assert_eq!(found.map(|range| &text[range]), Some(&*value), "{pointer}");
                }
            }
            let passed = Index::passed() - before;
            // The list once, as a whole, and each row of it.
            assert!(passed < 2 * text.len(), "{list}: {passed} of {}", text.len());
        }
    }

    #[test]
    fn a_row_is_read_once_whatever_is_asked_of_it() {
        let row = r#"{"parcelId":4711,"fileName":"x.edi","FileName":"y.edi","to":{"id":[1,2]},"\u0069d":7}"#;
        let text = format!(r#"{{"data":[{0},{0},{0}],"total":3}}"#, row);
        for step in [0, 1, 100] {
            let index = Index::build(text.as_bytes(), step).unwrap();
            let mut last = Last::default();
            let mut find = |pointer: &str| {
                let before = Index::passed();
                let found = index.look_up(text.as_bytes(), Some(8), pointer.as_bytes(), &mut last).unwrap();
                (found.map(|range| &text[range]), Index::passed() - before)
            };
            let (found, passed) = find("/1/parcelId");
            assert_eq!(found, Some("4711"));
            assert!(passed > 0);
            for (pointer, value) in [
                ("/1/parcelId", Some("4711")),
                ("/1/fileName", Some("\"x.edi\"")),
                ("/1/FILENAME", Some("\"y.edi\"")),
                ("/1/ID", Some("7")),
                ("/1/nowhere", None),
                ("/1/to", None),
            ] {
                assert_eq!(find(pointer), (value, 0), "{pointer}");
            }
            // The next one begins where that was left.
            let (found, passed) = find("/2/parcelId");
            assert_eq!(found, Some("4711"));
            assert!((1..row.len()).contains(&passed), "{passed}");
        }
    }
}
