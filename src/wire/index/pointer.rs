//! Look-ups by RFC 6901 pointer, and the one rule that reaches a list in each of the three shapes that ECGrid gives it.

use std::borrow::Cow;
use std::ops::Range;

use super::Index;
use super::last::Last;
use super::walk::{Child, Text};
use crate::memory::OutOfMemory;
use crate::wire::json::{Sameness, sameness};

/// What an envelope is made of. Everything else in it belongs to the data.
const ENVELOPE: [&str; 4] = ["success", "data", "errorCode", "message"];

impl Index {
    /// Where the string, number, boolean or null is that a pointer leads to, from `data` on, which begins there.
    pub fn look_up(
        &self,
        json: &[u8],
        data: Option<usize>,
        pointer: &[u8],
        last: &mut Last,
    ) -> Result<Option<Range<usize>>, OutOfMemory> {
        let text = Text { json, index: self };
        Ok(text.find(data, pointer, last)?.and_then(|found| match found.end {
            Some(end) if !matches!(text.byte(found.value), b'{' | b'[') => Some(found.value..end),
            _ => text.scalar(found.value),
        }))
    }
}

/// Where a step of a pointer leads from.
#[derive(Clone, Copy)]
enum Place {
    /// The first one.
    Data(Option<usize>),
    Node(usize),
}

/// A value: where it begins, and ends if that is known.
pub struct Found {
    pub value: usize,
    end: Option<usize>,
}

impl Text<'_> {
    /// What a pointer leads to.
    #[inline(always)]
    pub fn find(&self, data: Option<usize>, pointer: &[u8], last: &mut Last) -> Result<Option<Found>, OutOfMemory> {
        let mut plain = true;
        let slash = pointer.iter().rposition(|byte| {
            plain &= *byte != b'~';
            *byte == b'/'
        });
        let Some(slash) = slash else {
            return Ok(data.filter(|_| pointer.is_empty()).map(|value| Found { value, end: None }));
        };
        let (parent, name) = (&pointer[..slash], &pointer[slash + 1..]);
        let place = match parent {
            [] => Place::Data(data),
            _ => match self.parent(data, parent, last)? {
                Some(node) => Place::Node(node),
                None => return Ok(None),
            },
        };
        match plain {
            true => Ok(self.step(place, name, last)),
            false => Ok(unescape(name)?.and_then(|name| self.step(place, &name, last))),
        }
    }

    /// What all but the last step of a pointer leads to.
    fn parent(&self, data: Option<usize>, pointer: &[u8], last: &mut Last) -> Result<Option<usize>, OutOfMemory> {
        if let Some(node) = last.parent.get(pointer) {
            return Ok(Some(node));
        }
        let Some((b'/', rest)) = pointer.split_first() else { return Ok(None) };
        let mut place = Place::Data(data);
        for step in rest.split(|byte| *byte == b'/') {
            // A number is what most are, and nothing in it is escaped.
            let found = match step {
                [b'0'..=b'9', ..] if step.iter().all(u8::is_ascii_digit) => self.step(place, step, last),
                _ => unescape(step)?.and_then(|name| self.step(place, &name, last)),
            };
            let Some(found) = found else { return Ok(None) };
            place = Place::Node(found.value);
        }
        let Place::Node(node) = place else { return Ok(None) };
        last.parent.set(pointer, node);
        Ok(Some(node))
    }

    #[inline(always)]
    fn step(&self, place: Place, name: &[u8], last: &mut Last) -> Option<Found> {
        match place {
            Place::Data(data) => self.first_step(data, name, last),
            Place::Node(node) => self.step_from(node, name, last),
        }
    }

    #[inline(always)]
    fn step_from(&self, node: usize, name: &[u8], last: &mut Last) -> Option<Found> {
        match self.byte(node) {
            b'{' => self.member(node, name, last),
            b'[' => self.element(node, array_index(name)?, last),
            _ => None,
        }
    }

    /// Where `data` has nothing of that name, an index means the only list in it, and a name what stands beside it.
    fn first_step(&self, data: Option<usize>, name: &[u8], last: &mut Last) -> Option<Found> {
        let found = data.and_then(|data| self.step_from(data, name, last));
        found.or_else(|| match array_index(name) {
            Some(index) => self.element(self.only_array(data?, last)?, index, last),
            None if ENVELOPE.iter().any(|own| own.as_bytes().eq_ignore_ascii_case(name)) => None,
            None => self.member(self.start(), name, last),
        })
    }

    fn member(&self, object: usize, name: &[u8], last: &mut Last) -> Option<Found> {
        let mut best = Best { name, found: None };
        if let Some(members) = last.members.of(object) {
            // From the last one on: an exact name there is the one.
            for child in members.iter().rev() {
                let better =
                    best.sameness(self.json, &child).filter(|same| best.found.is_none() || *same == Sameness::Exact);
                if let Some(same) = better {
                    best.found = Some((same, Found { value: child.value, end: child.end }));
                }
                if better == Some(Sameness::Exact) {
                    break;
                }
            }
            return best.value();
        }
        let mut children = self.children(object, 0, object + 1);
        let members = last.members.begin();
        for child in &mut children {
            best.consider(self.json, &child);
            members.add(&child);
        }
        members.finish(object, children.place());
        if object == last.element.at {
            last.element.end = children.end();
        }
        best.value()
    }

    fn element(&self, array: usize, index: usize, last: &mut Last) -> Option<Found> {
        let last = &mut last.element;
        let near = if last.array == array && last.at > array { index.checked_sub(last.number) } else { None };
        let (number, at) = match (near, last.end) {
            (Some(1), Some(end)) => (index, end),
            (Some(0 | 1), _) => (last.number, last.at),
            _ => self.index.before(array, index).unwrap_or((0, array + 1)),
        };
        let at = self.children(array, number, at).find(|child| child.number == index)?.value;
        last.go(array, index, at);
        Some(Found { value: at, end: None })
    }

    /// The array among the members of an object that has one and no more.
    pub fn only_array(&self, node: usize, last: &mut Last) -> Option<usize> {
        let only = |children: &mut dyn Iterator<Item = Child>| {
            let mut arrays = children.filter(|child| self.byte(child.value) == b'[');
            arrays.next().filter(|_| arrays.next().is_none()).map(|child| child.value)
        };
        (self.byte(node) == b'{').then_some(())?;
        match last.members.of(node) {
            Some(members) => only(&mut members.iter()),
            None => only(&mut self.children(node, 0, node + 1)),
        }
    }
}

/// The member that is meant by a name: an exact one wins over one in another case, a later one over an earlier.
struct Best<'a> {
    name: &'a [u8],
    found: Option<(Sameness, Found)>,
}

impl Best<'_> {
    #[inline(always)]
    fn consider(&mut self, json: &[u8], child: &Child) {
        let same = self.sameness(json, child);
        if let Some(same) = same.filter(|same| self.found.as_ref().is_none_or(|(best, _)| same >= best)) {
            self.found = Some((same, Found { value: child.value, end: child.end }));
        }
    }

    #[inline(always)]
    fn sameness(&self, json: &[u8], child: &Child) -> Option<Sameness> {
        // As most are.
        if child.plain && child.name.len() != self.name.len() + 2 {
            return None;
        }
        match (child.plain, json.get(child.name.clone()).unwrap_or_default()) {
            (true, [_, name @ .., _]) => plain_sameness(name, self.name),
            (_, quoted) => std::str::from_utf8(quoted).ok().and_then(|quoted| sameness(quoted, self.name)),
        }
    }

    fn value(self) -> Option<Found> {
        self.found.map(|(_, found)| found)
    }
}

#[inline(always)]
fn plain_sameness(name: &[u8], wanted: &[u8]) -> Option<Sameness> {
    // Most names begin with another letter, which is cheaper to see than to compare them.
    if name.first().zip(wanted.first()).is_some_and(|(one, other)| (one ^ other) & !0x20 != 0) {
        return None;
    }
    match name == wanted {
        true => Some(Sameness::Exact),
        false => name.eq_ignore_ascii_case(wanted).then_some(Sameness::WithoutCase),
    }
}

/// `~1` is a slash and `~0` a tilde; any other tilde is an error (RFC 6901, section 3).
fn unescape(step: &[u8]) -> Result<Option<Cow<'_, [u8]>>, OutOfMemory> {
    if !step.contains(&b'~') {
        return Ok(Some(Cow::Borrowed(step)));
    }
    let mut name = Vec::new();
    name.try_reserve_exact(step.len()).map_err(|_| OutOfMemory)?;
    let mut rest = step.iter();
    while let Some(&byte) = rest.next() {
        name.push(match byte {
            b'~' => match rest.next() {
                Some(b'0') => b'~',
                Some(b'1') => b'/',
                _ => return Ok(None),
            },
            other => other,
        });
    }
    Ok(Some(Cow::Owned(name)))
}

/// Digits without a leading zero (RFC 6901, section 4).
fn array_index(name: &[u8]) -> Option<usize> {
    if name.is_empty() || (name[0] == b'0' && name.len() > 1) {
        return None;
    }
    // Beyond 18 digits is an index all the same, of no array there is.
    let beyond = name.len() > 18;
    let number = name.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number.wrapping_mul(10).wrapping_add(digit.into()))
    })?;
    Some(usize::try_from(number).ok().filter(|_| !beyond).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::{Scalar, members};

    /// With and without an index.
    fn text(body: &str, pointer: &str) -> Option<String> {
        let found = [0, 1, 2, 5].map(|step| {
            let index = Index::build(body.as_bytes(), step).unwrap();
            let data = members(body, ["data"])[0].map(|data| data.as_ptr() as usize - body.as_ptr() as usize);
            let found = index.look_up(body.as_bytes(), data, pointer.as_bytes(), &mut Last::default()).unwrap()?;
            Scalar(&body[found]).text().map(Cow::into_owned)
        });
        assert!(found.iter().all(|other| *other == found[0]), "{body} {pointer}: {found:?}");
        found.into_iter().next()?
    }

    fn in_data(data: &str, pointer: &str) -> Option<String> {
        text(&format!(r#"{{"success":true,"data":{data},"errorCode":"","message":"m"}}"#), pointer)
    }

    #[test]
    fn pointers_follow_rfc_6901() {
        let data = r#"{"a/b":1,"m~n":"x","~1":2,"list":[{"id":9007199254740993},"7",true,null],"":5,"no":false}"#;
        for (pointer, found) in [
            ("/a~1b", "1"),
            ("/m~0n", "x"),
            ("/~01", "2"),
            ("/list/0/id", "9007199254740993"),
            ("/list/1", "7"),
            ("/list/2", "true"),
            ("/no", "false"),
            ("/", "5"),
        ] {
            assert_eq!(in_data(data, pointer).as_deref(), Some(found), "{pointer}");
        }
        for nothing in ["", "list", "no", "/no/", "/list", "/list/", "/list/3", "/list/4", "/list/0/id/x", "/nowhere"] {
            assert_eq!(in_data(data, nothing), None, "{nothing}");
        }
        for no_index in ["00", "01", "-", "-1", "+1", "1 ", "1e0", "18446744073709551616", "99999999999999999999999"] {
            assert_eq!(in_data(data, &format!("/list/{no_index}")), None, "{no_index}");
        }
        for malformed in ["/m~2n", "/m~", "/~", "/~0~", "/list/0/id~", "list/0/id", " /no", "~1no"] {
            assert_eq!(in_data(data, malformed), None, "{malformed}");
        }
    }

    #[test]
    fn no_pointer_at_all_is_data_itself() {
        assert_eq!(in_data("7", "").as_deref(), Some("7"));
        assert_eq!(in_data("\"key\"", "").as_deref(), Some("key"));
        assert_eq!(
            (in_data("null", ""), in_data("[7]", ""), text("{}", ""), text(r#"{"x":7}"#, "")),
            (None, None, None, None)
        );
    }

    #[test]
    fn names_match_exactly_before_they_match_without_case() {
        let data = r#"{"Case":"upper","case":"lower","list":[1],"\u0069d":2,"a\\b\"":3,"\ud800":4}"#;
        assert_eq!(in_data(data, "/case").as_deref(), Some("lower"));
        assert_eq!(in_data(data, "/Case").as_deref(), Some("upper"));
        assert_eq!(in_data(data, "/LIST/0").as_deref(), Some("1"));
        assert_eq!(in_data(data, "/ID").as_deref(), Some("2"));
        assert_eq!(in_data(data, "/a\\b\"").as_deref(), Some("3"));
        // As written it is another name than as read.
        assert_eq!(in_data(data, "/a\\\\b\\\""), None);
        assert_eq!(in_data(data, "/\\ud800"), None);
        // Only ASCII has one idea of case.
        assert_eq!(in_data(r#"{"Größe":1}"#, "/gRöße").as_deref(), Some("1"));
        assert_eq!(in_data(r#"{"GRÖSSE":1}"#, "/grösse"), None);
    }

    #[test]
    fn of_two_names_alike_the_later_counts() {
        assert_eq!(in_data(r#"{"id":1,"id":2}"#, "/id").as_deref(), Some("2"));
        assert_eq!(in_data(r#"{"ID":1,"Id":3}"#, "/id").as_deref(), Some("3"));
        assert_eq!(in_data(r#"{"ID":1,"id":2,"Id":3}"#, "/id").as_deref(), Some("2"));
        assert_eq!(text(r#"{"data":{"a":1},"Data":{"a":3},"data":{"a":2},"DATA":4}"#, "/a").as_deref(), Some("2"));
    }

    /// ECGrid's pages give lists in three shapes.
    const BARE: &str = r#"{"success":true,"data":[{"parcelId":7},{"parcelId":8}]}"#;
    const TOTALS_BESIDE: &str = r#"{"success":true,"data":[{"parcelId":7},{"parcelId":8}],"totalRecords":2}"#;
    const TOTALS_INSIDE: &str =
        r#"{"success":true,"data":{"totalRecords":2,"parcels":[{"parcelId":7},{"parcelId":8}]}}"#;

    #[test]
    fn the_rows_of_a_list_are_reached_whatever_its_shape() {
        for shape in [BARE, TOTALS_BESIDE, TOTALS_INSIDE] {
            let mut ids = (0..).map(|row| text(shape, &format!("/{row}/parcelID")));
            let ids: Vec<String> = ids.by_ref().map_while(|id| id).collect();
            assert_eq!(ids, ["7", "8"], "{shape}");
        }
        assert_eq!(text(TOTALS_INSIDE, "/parcels/1/parcelId").as_deref(), Some("8"));
    }

    #[test]
    fn the_totals_of_a_list_are_reached_wherever_they_stand() {
        for shape in [TOTALS_BESIDE, TOTALS_INSIDE] {
            assert_eq!(text(shape, "/TotalRecords").as_deref(), Some("2"), "{shape}");
        }
        assert_eq!(text(BARE, "/totalRecords"), None);
        let nested = r#"{"data":null,"paging":{"total":2,"pages":[1]}}"#;
        assert_eq!(text(nested, "/paging/total").as_deref(), Some("2"));
        assert_eq!(text(nested, "/paging/pages/0").as_deref(), Some("1"));
        assert_eq!(text(r#"{"totalRecords":2}"#, "/totalRecords").as_deref(), Some("2"));
    }

    #[test]
    fn what_data_has_itself_comes_first() {
        let both = r#"{"data":{"total":1,"Page":null,"0":{"id":1},"list":[{"id":2}]},"total":5,"page":6,"0":7,"9":8}"#;
        assert_eq!(text(both, "/total").as_deref(), Some("1"));
        // Also where it leads nowhere from there.
        assert_eq!((text(both, "/page"), text(both, "/total/x")), (None, None));
        assert_eq!(text(both, "/0/id").as_deref(), Some("1"));
        // No index is ever looked for beside `data`.
        assert_eq!((text(both, "/1"), text(both, "/9"), text(r#"{"data":[],"0":7}"#, "/0")), (None, None, None));
    }

    #[test]
    fn an_index_finds_nothing_where_it_could_mean_two_lists_or_none() {
        assert_eq!(in_data(r#"{"in":[1],"out":[2]}"#, "/0"), None);
        assert_eq!(in_data(r#"{"page":{"list":[1]}}"#, "/0"), None);
        assert_eq!(in_data(r#"{"list":[]}"#, "/0"), None);
        // The rule is for the first step.
        assert_eq!(in_data(r#"{"page":{"list":[1]}}"#, "/page/0"), None);
        assert_eq!(in_data(r#"{"list":[{"list":[1]}]}"#, "/0/0"), None);
    }

    #[test]
    fn the_envelope_itself_is_not_part_of_the_data() {
        for own in ["/success", "/data", "/data/id", "/errorCode", "/message", "/Message", "/ERRORCODE"] {
            assert_eq!(in_data(r#"{"id":1}"#, own), None, "{own}");
            assert_eq!(in_data("[]", own), None, "{own}");
        }
        assert_eq!(in_data(r#"{"message":"hello"}"#, "/message").as_deref(), Some("hello"));
    }
}
