//! What kind of value a pointer leads to, and how many values are in it.

use super::Index;
use super::last::Last;
use super::walk::Text;
use crate::memory::OutOfMemory;

/// The kinds of JSON; the numbers are the header's.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(i32)]
pub enum Kind {
    Missing = 0,
    Null = 1,
    Boolean = 2,
    Number = 3,
    String = 4,
    Array = 5,
    Object = 6,
}

impl Index {
    /// As [`Index::look_up`], for any value.
    pub fn kind(&self, json: &[u8], data: Option<usize>, pointer: &[u8], last: &mut Last) -> Result<Kind, OutOfMemory> {
        let text = Text { json, index: self };
        let found = text.find(data, pointer, last)?;
        Ok(found.map_or(Kind::Missing, |found| text.kind(found.value)))
    }

    /// How many elements the array has, or members the object, that a pointer leads to. Where `data` is the object around
    /// a list, no pointer at all is that list: the rows are counted that indexes reach.
    pub fn count(
        &self,
        json: &[u8],
        data: Option<usize>,
        pointer: &[u8],
        last: &mut Last,
    ) -> Result<Option<usize>, OutOfMemory> {
        let text = Text { json, index: self };
        let Some(found) = text.find(data, pointer, last)? else { return Ok(None) };
        let list = if pointer.is_empty() { text.only_array(found.value, last) } else { None };
        Ok(text.count(list.unwrap_or(found.value)))
    }
}

impl Text<'_> {
    fn kind(&self, at: usize) -> Kind {
        match self.byte(at) {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' | b'f' => Kind::Boolean,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// From the last child with a place on: those before it need not be read.
    fn count(&self, at: usize) -> Option<usize> {
        matches!(self.kind(at), Kind::Array | Kind::Object).then(|| {
            let (number, from) = self.index.before(at, usize::MAX).unwrap_or((0, at + 1));
            number + self.children(at, number, from).count()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::members;

    fn data_of(body: &str) -> Option<usize> {
        members(body, ["data"])[0].map(|data| data.as_ptr() as usize - body.as_ptr() as usize)
    }

    /// With and without an index.
    fn shape(body: &str, pointer: &str) -> (Kind, Option<usize>) {
        let found = [0, 1, 2, 5, 100].map(|step| {
            let index = Index::build(body.as_bytes(), step).unwrap();
            let (data, last) = (data_of(body), &mut Last::default());
            let kind = index.kind(body.as_bytes(), data, pointer.as_bytes(), last).unwrap();
            (kind, index.count(body.as_bytes(), data, pointer.as_bytes(), last).unwrap())
        });
        assert!(found.iter().all(|other| *other == found[0]), "{body} {pointer}: {found:?}");
        found[0]
    }

    fn in_data(data: &str, pointer: &str) -> (Kind, Option<usize>) {
        shape(&format!(r#"{{"success":true,"data":{data},"errorCode":"","message":"m"}}"#), pointer)
    }

    #[test]
    fn every_kind_of_value_is_told_apart_and_what_has_something_in_it_is_counted() {
        let data = r#"{"null":null,"true":true,"false":false,"0":-1.5e3,"one":1,"text":"","escaped":"\ud800\u0000",
            "empty":[],"list":[[],{},"],[",[1,2]] ,"nothing":{},"object":{"a":{"b":1},"c":[1,2,3] , "d":"}{"}}"#;
        for (pointer, kind, count) in [
            ("", Kind::Object, Some(11)),
            ("/null", Kind::Null, None),
            ("/true", Kind::Boolean, None),
            ("/FALSE", Kind::Boolean, None),
            ("/0", Kind::Number, None),
            ("/one", Kind::Number, None),
            ("/text", Kind::String, None),
            ("/escaped", Kind::String, None),
            ("/empty", Kind::Array, Some(0)),
            ("/list", Kind::Array, Some(4)),
            ("/list/0", Kind::Array, Some(0)),
            ("/list/2", Kind::String, None),
            ("/list/3", Kind::Array, Some(2)),
            ("/list/3/1", Kind::Number, None),
            ("/nothing", Kind::Object, Some(0)),
            ("/object", Kind::Object, Some(3)),
            ("/object/a", Kind::Object, Some(1)),
            ("/object/c", Kind::Array, Some(3)),
            ("/list/4", Kind::Missing, None),
            ("/list/01", Kind::Missing, None),
            ("/one/x", Kind::Missing, None),
            ("/nowhere", Kind::Missing, None),
            ("/message", Kind::Missing, None),
            ("one", Kind::Missing, None),
            ("/m~2", Kind::Missing, None),
        ] {
            assert_eq!(in_data(data, pointer), (kind, count), "{pointer}");
        }
        for (data, kind, count) in [
            ("null", Kind::Null, None),
            ("7", Kind::Number, None),
            ("\"key\"", Kind::String, None),
            ("[]", Kind::Array, Some(0)),
            ("[ 1 ]", Kind::Array, Some(1)),
            ("{}", Kind::Object, Some(0)),
        ] {
            assert_eq!(in_data(data, ""), (kind, count), "{data}");
        }
        assert_eq!(shape(r#"{"success":true}"#, ""), (Kind::Missing, None));
    }

    #[test]
    fn a_list_has_as_many_rows_as_can_be_walked_whatever_its_shape() {
        for rows in [0, 1, 2, 7] {
            let list = format!("[{}]", vec![r#"{"parcelId":7,"to":[1,2]}"#; rows].join(","));
            for (name, body, kind) in [
                ("bare", format!(r#"{{"success":true,"data":{list}}}"#), Kind::Array),
                ("totals beside", format!(r#"{{"success":true,"data":{list},"totalRecords":9}}"#), Kind::Array),
                ("totals inside", format!(r#"{{"data":{{"totalRecords":9,"parcels":{list}}}}}"#), Kind::Object),
            ] {
                assert_eq!(shape(&body, ""), (kind, Some(rows)), "{name}");
                let walked = (0..).take_while(|row| shape(&body, &format!("/{row}")).0 == Kind::Object).count();
                assert_eq!(walked, rows, "{name}");
                for row in 0..rows {
                    assert_eq!(shape(&body, &format!("/{row}")), (Kind::Object, Some(2)), "{name}");
                    assert_eq!(shape(&body, &format!("/{row}/to")), (Kind::Array, Some(2)), "{name}");
                }
            }
        }
        // The rule is for `data` alone, and where an index could mean two lists it means none.
        assert_eq!(in_data(r#"{"page":{"total":1,"rows":[1,2,3]}}"#, "/page"), (Kind::Object, Some(2)));
        assert_eq!(in_data(r#"{"in":[1],"out":[2,3],"total":3}"#, ""), (Kind::Object, Some(3)));
        assert_eq!(in_data(r#"{"userId":7,"login":"a"}"#, ""), (Kind::Object, Some(2)));
        let beside = r#"{"data":null,"paging":{"total":2,"pages":[1]}}"#;
        assert_eq!(shape(beside, "/paging"), (Kind::Object, Some(2)));
        assert_eq!(shape(beside, "/paging/pages"), (Kind::Array, Some(1)));
    }

    #[test]
    fn members_are_counted_as_they_stand_and_the_later_of_two_alike_is_told_of() {
        assert_eq!(in_data(r#"{"a":1,"A":[1],"a":{"x":1}}"#, "/a"), (Kind::Object, Some(1)));
        assert_eq!(in_data(r#"{"a":1,"A":{},"a":null}"#, ""), (Kind::Object, Some(3)));
        assert_eq!(in_data(r#"{"\u0061":[1,2],"m~n":[3]}"#, "/a"), (Kind::Array, Some(2)));
        assert_eq!(in_data(r#"{"\u0061":[1,2],"m~n":[3]}"#, "/m~0n"), (Kind::Array, Some(1)));
    }

    #[test]
    fn what_is_long_is_counted_without_being_read_again_and_the_deepest_nest_too() {
        let rows: Vec<String> = (0..50_000).map(|row| format!(r#"{{"parcelId":{row},"file":"{row}.edi"}}"#)).collect();
        let members: Vec<String> = (0..50_000).map(|row| format!(r#""{row}":[{row}]"#)).collect();
        let nest = format!("{}{}", "[".repeat(60), "]".repeat(60));
        let (rows, members) = (rows.join(","), members.join(","));
        let text = format!(r#"{{"data":{{"total":1,"rows":[{rows}]}},"more":{{{members}}},"nest":{nest}}}"#);
        let index = Index::build_as_usual(text.as_bytes());
        let last = &mut Last::default();
        let mut count = |pointer: &str| {
            let before = Index::passed();
            let count = index.count(text.as_bytes(), data_of(&text), pointer.as_bytes(), last).unwrap();
            (count, Index::passed() - before)
        };
        for (pointer, expected) in [("", 50_000), ("/rows", 50_000), ("/more", 50_000), ("/nest/0/0/0", 1)] {
            let (counted, passed) = count(pointer);
            assert_eq!(counted, Some(expected), "{pointer}");
            assert!(passed < 10_000, "{pointer}: {passed} bytes are passed over");
        }
        // Where there is no index it is one pass.
        let none = Index::build(text.as_bytes(), 0).unwrap();
        let before = Index::passed();
        assert_eq!(none.count(text.as_bytes(), data_of(&text), b"/rows", &mut Last::default()).unwrap(), Some(50_000));
        assert!(Index::passed() - before <= 2 * text.len());
    }
}
