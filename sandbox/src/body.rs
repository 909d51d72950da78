//! The body of a request, which has to be a JSON object.

use crate::answer::Answer;
use crate::journal::Request;
use serde_json::{Map, Value};

pub(crate) struct Body(Map<String, Value>);

impl Body {
    /// Nothing at all stands for an object without members: many endpoints require none.
    pub(crate) fn of(request: &Request) -> Result<Self, Answer> {
        if request.body.is_empty() {
            return Ok(Self(Map::new()));
        }
        let body = serde_json::from_slice(&request.body).map_err(|_| invalid("The body is no JSON object."))?;
        Ok(Self(body))
    }

    /// Without case, because ECGrid's pages have parcelId and parcelID; null is as good as missing.
    fn member(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Answer> {
        let text = self.member(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| invalid(&format!("{name} is required, as a string.")))
    }

    /// A text that may be empty.
    pub(crate) fn any_text(&self, name: &str) -> Result<&str, Answer> {
        let text = self.member(name).and_then(Value::as_str);
        text.ok_or_else(|| invalid(&format!("{name} is required, as a string.")))
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&str>, Answer> {
        self.member(name).map(|_| self.text(name)).transpose()
    }

    pub(crate) fn number(&self, name: &str) -> Result<i64, Answer> {
        let number = self.member(name).and_then(Value::as_i64);
        number.ok_or_else(|| invalid(&format!("{name} is required, as a whole number.")))
    }

    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<i64>, Answer> {
        self.member(name).map(|_| self.number(name)).transpose()
    }

    /// An id, of which ECGrid's pages say that 0 stands for none.
    pub(crate) fn optional_id(&self, name: &str) -> Result<Option<i64>, Answer> {
        Ok(self.optional_number(name)?.filter(|id| *id != 0))
    }
}

/// The members of these names, all of them texts.
pub(crate) fn fields<const N: usize>(request: &Request, names: [&str; N]) -> Result<[String; N], Answer> {
    let body = Body::of(request)?;
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        body.text(name)?.clone_into(value);
    }
    Ok(values)
}

/// The number in a path.
pub(crate) fn id(text: &str) -> Result<i64, Answer> {
    text.parse().map_err(|_| invalid("The id is not a number."))
}

pub(crate) fn invalid(message: &str) -> Answer {
    Answer::failure(400, "InvalidParameter", message)
}
