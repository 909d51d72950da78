//! What serde_json finds in a text, the index finds in it too, and nothing else.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Index, Last};
use crate::wire::json::{Scalar, members};

/// No two of these names differ in case only, where this library and serde_json would not agree.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-c]{0,2}",
        3 => "[0-9]{1,2}",
        3 => "[a/~\"\\\\ \n\u{1}é😀]{0,3}",
        1 => prop::sample::select(vec!["message", "data", "total"]).prop_map(str::to_owned),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        names().prop_map(Value::from),
    ];
    scalars.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((names(), inner), 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn answers() -> impl Strategy<Value = Value> {
    (values(), prop::collection::vec((names(), values()), 0..4)).prop_map(|(data, beside)| {
        let mut answer: Map<_, _> = beside.into_iter().collect();
        answer.insert("data".into(), data);
        answer.insert("message".into(), json!("never found"));
        Value::from(answer)
    })
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The pointers to all that is in a value.
fn all_pointers(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            let steps = items.iter().enumerate();
            steps.for_each(|(index, item)| all_pointers(item, format!("{here}/{index}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| all_pointers(value, format!("{here}/{}", escape(name)), found));
        }
        _ => {}
    }
    found.push(here);
}

/// The same text, with all that may be escaped escaped.
fn escaped(compact: &str) -> String {
    let mut units = [0; 2];
    compact
        .chars()
        .map(|char| match char {
            '/' => "\\/".to_owned(),
            char if char.is_ascii() => char.into(),
            char => char.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
        })
        .collect()
}

fn is_index(step: &str) -> bool {
    step == "0" || (step.bytes().all(|byte| byte.is_ascii_digit()) && !step.starts_with('0') && !step.is_empty())
}

/// The documented rule, said with serde_json.
fn expected<'a>(answer: &'a Value, pointer: &str) -> Option<&'a Value> {
    let without_good = pointer.replace("~0", "").replace("~1", "");
    if without_good.contains('~') || !(pointer.is_empty() || pointer.starts_with('/')) {
        return None;
    }
    let data = &answer["data"];
    let first_end = pointer.get(1..).and_then(|rest| rest.find('/')).map_or(pointer.len(), |at| at + 1);
    let (first, rest) = pointer.split_at(first_end);
    if data.pointer(first).is_some() {
        return data.pointer(pointer);
    }
    if is_index(&first[1..]) {
        let mut arrays = data.as_object()?.values().filter(|value| value.is_array());
        let only = arrays.next().filter(|_| arrays.next().is_none())?;
        return only.pointer(pointer);
    }
    let own = ["/success", "/data", "/errorCode", "/message"].contains(&first);
    answer.pointer(first).filter(|_| !own)?.pointer(rest)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_pointer_leads_to_the_same_value(
        answer in answers(),
        others in prop::collection::vec("(/|/[a-c]|/[0-9]{1,2}|/~[0-2]?|/-|[a-c]){0,4}", 10),
        // Texts as short as these have no index otherwise.
        step in prop::sample::select(vec![0, 1, 2, 3, 5, 10, 30]),
    ) {
        let mut pointers = others;
        all_pointers(&answer["data"], String::new(), &mut pointers);
        all_pointers(&answer, String::new(), &mut pointers);
        let compact = answer.to_string();
        for text in [escaped(&compact), serde_json::to_string_pretty(&answer).unwrap(), format!("\u{feff}{compact}")] {
            let index = Index::build(text.as_bytes(), step).unwrap();
            let data = members(&text, ["data"])[0].map(|data| data.as_ptr() as usize - text.as_ptr() as usize);
            let mut last = Last::default();
            for pointer in &pointers {
                let found = index.look_up(text.as_bytes(), data, pointer.as_bytes(), &mut last).unwrap();
                let found = found.map(|range| Scalar(&text[range]));
                let wanted = expected(&answer, pointer);
                let found_text = found.and_then(|scalar| scalar.text()).map(|text| text.into_owned());
                prop_assert_eq!(found_text, wanted.and_then(text_of), "{} in {}", pointer, text);
                if wanted.is_some_and(Value::is_i64) {
                    prop_assert_eq!(found.and_then(|scalar| scalar.integer()), wanted.and_then(Value::as_i64));
                }
            }
        }
    }

    #[test]
    fn no_bytes_and_no_pointer_are_too_much(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"[]{},:\"\\0e1u"[..])], 0..60),
        pointer in any::<String>(),
    ) {
        for step in [0, 1, 5] {
            let index = Index::build(br#"{"a":[1,{"b":[2,3]},4],"data":{"c":"d"}}"#, step).unwrap();
            let mut last = Last::default();
            // Nor a text that the index was not made of.
            for data in [None, Some(0), Some(7), Some(1000)] {
                let _ = index.look_up(&bytes, data, pointer.as_bytes(), &mut last);
                let _ = index.look_up(&bytes, data, b"/a/1/b/0", &mut last);
                let _ = index.look_up(&[], data, pointer.as_bytes(), &mut last);
            }
        }
    }
}
