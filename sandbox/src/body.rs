//! The body of a request, which has to be a JSON object.

use crate::answer::Answer;
use crate::journal::Request;

/// The members of these names, all of them texts that are not empty.
pub(crate) fn fields<const N: usize>(request: &Request, names: [&str; N]) -> Result<[String; N], Answer> {
    let body: serde_json::Value =
        serde_json::from_slice(&request.body).map_err(|_| invalid("The body is not JSON."))?;
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        *value = match body.get(name).and_then(|member| member.as_str()) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => return Err(invalid(&format!("{name} is required, as a string."))),
        };
    }
    Ok(values)
}

pub(crate) fn invalid(message: &str) -> Answer {
    Answer::failure(400, "InvalidParameter", message)
}
