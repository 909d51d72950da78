//! What serde_json takes for JSON, the scanner takes for it too, and nothing else.

use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::Unsound;

/// Whether a text is sound, read to its end however long it is.
fn check(text: &[u8], most: usize) -> Result<(), String> {
    super::check(text, most, || Ok::<_, ()>(())).map_err(|why| match why {
        Unsound::Wrong(why) => why,
        Unsound::GivenUp(()) => unreachable!("nobody gave up"),
    })
}

/// What has a meaning somewhere in JSON, and text of every length that UTF-8 has.
const STROKES: &str =
    "([\\[\\]{},:\"\\\\ \n0-9eE.+\\-tfnu\u{1}]|é|€|😀|\"a\":|\\\\u00[0-9a-g]{2}|true|null|-?0\\.5){0,8}";

fn texts() -> impl Strategy<Value = String> {
    let scalars = prop_oneof![
        "(0|-?[1-9][0-9]{0,3}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?|true|false|null)",
        "\"([a-zé€😀 /\\[\\]{}:,]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}){0,60}\"",
    ];
    scalars.prop_recursive(8, 60, 6, |inner| {
        let space = "[ \t\r\n]?";
        let member = ("\"[a-c]{0,2}\"", space, inner.clone());
        prop_oneof![
            (prop::collection::vec(inner, 0..6), space).prop_map(|(all, space)| format!("[{}{space}]", all.join(","))),
            (prop::collection::vec(member, 0..6), space).prop_map(|(all, space)| {
                let all: Vec<_> =
                    all.into_iter().map(|(name, space, value)| format!("{name}{space}:{value}")).collect();
                format!("{{{space}{}}}", all.join(&format!(",{space}")))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// As it is, or with marks put in where they may do harm, or bytes that are no text.
    #[test]
    fn a_text_is_sound_exactly_if_it_is_json(
        text in texts(),
        strokes in prop::collection::vec((any::<prop::sample::Index>(), STROKES), 0..3),
        bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..2),
    ) {
        let mut text: Vec<char> = text.chars().collect();
        for (place, stroke) in strokes {
            let place = place.index(text.len() + 1);
            text.splice(place..place, stroke.chars());
        }
        let mut text = text.into_iter().collect::<String>().into_bytes();
        for (place, byte) in bytes {
            let place = place.index(text.len());
            text[place] = byte;
        }
        let sound = std::str::from_utf8(&text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        prop_assert_eq!(check(&text, 64).is_ok(), sound, "{}", text.escape_ascii());
    }

    #[test]
    fn a_long_text_is_read_as_a_short_one(
        pieces in prop::collection::vec("([a-z]{0,20}|[é€😀]{0,20}|\\\\n)", 0..600),
        wrong in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut text = format!("\"{}\"", pieces.concat()).into_bytes();
        if let Some((place, byte)) = wrong {
            let place = place.index(text.len());
            text[place] = byte;
        }
        let sound = std::str::from_utf8(&text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        prop_assert_eq!(check(&text, 64).is_ok(), sound);
    }
}

#[test]
fn depth_is_limited_and_said() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(check(nested(64).as_bytes(), 64), Ok(()));
    assert_eq!(check(nested(65).as_bytes(), 64), Err("it is nested deeper than 64 levels".into()));
    assert_eq!(check(nested(1024).as_bytes(), usize::MAX), Ok(()));
    let deep = check("[".repeat(1_000_000).as_bytes(), usize::MAX);
    assert_eq!(deep, Err("it is nested deeper than 1024 levels".into()));
    // Exactly as deep as it may be, and broken for another reason.
    assert!(check("[".repeat(64).as_bytes(), 64).unwrap_err().contains("EOF"));
}

#[test]
fn a_flaw_is_named_with_its_place() {
    assert_eq!(check(b"\"a\xff\"", 64).unwrap_err(), "it is not UTF-8 (wrong from byte 2 on)");
    let error = check(b"{\n \"a\": 01}", 64).unwrap_err();
    assert_eq!(error, "it is not valid JSON (invalid number at line 2 column 8)");
    assert!(check("\u{feff}{}".as_bytes(), 64).unwrap_err().contains("line 1 column 1"));
    assert!(check(b"{} {}", 64).unwrap_err().contains("trailing"));
}
