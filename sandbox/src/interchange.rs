//! The envelopes inside a parcel: X12 and EDIFACT, as far as a manifest needs them.

/// One interchange and what is in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Interchange {
    pub(crate) sender: String,
    pub(crate) receiver: String,
    pub(crate) control_id: String,
    /// Document types in order of appearance, each with how often it comes.
    pub(crate) documents: Vec<(String, usize)>,
}

struct Syntax {
    element: u8,
    component: u8,
    terminator: u8,
}

impl Syntax {
    /// X12 shows its delimiters at fixed places of the first segment, EDIFACT in UNA.
    fn of(content: &[u8]) -> Option<Self> {
        let at = |place: usize| content.get(place).copied();
        match content.get(..3)? {
            b"ISA" => Some(Self { element: at(3)?, component: at(104)?, terminator: at(105)? }),
            b"UNA" => Some(Self { element: at(4)?, component: at(3)?, terminator: at(8)? }),
            b"UNB" => Some(Self { element: b'+', component: b':', terminator: b'\'' }),
            _ => None,
        }
    }
}

/// All interchanges of a file; none for one that is neither. Escaped delimiters are not looked for: the segments that
/// count here have none in practice.
pub(crate) fn all(content: &[u8]) -> Vec<Interchange> {
    let content = content.trim_ascii_start();
    let Some(syntax) = Syntax::of(content) else {
        return Vec::new();
    };
    let mut found: Vec<Interchange> = Vec::new();
    for segment in content.split(|byte| *byte == syntax.terminator) {
        let elements: Vec<&[u8]> = segment.trim_ascii().split(|byte| *byte == syntax.element).collect();
        let text = |place: usize| {
            let element = elements.get(place).copied().unwrap_or_default();
            let first = element.split(|byte| *byte == syntax.component).next().unwrap_or_default();
            String::from_utf8_lossy(first).trim().to_owned()
        };
        match elements[0] {
            b"ISA" => found.push(Interchange {
                sender: text(6),
                receiver: text(8),
                control_id: text(13),
                documents: Vec::new(),
            }),
            b"UNB" => found.push(Interchange {
                sender: text(2),
                receiver: text(3),
                control_id: text(5),
                documents: Vec::new(),
            }),
            b"ST" => count(&mut found, text(1)),
            b"UNH" => count(&mut found, text(2)),
            _ => {}
        }
    }
    found
}

fn count(found: &mut [Interchange], document_type: String) {
    let Some(interchange) = found.last_mut() else {
        return;
    };
    match interchange.documents.iter_mut().find(|(known, _)| *known == document_type) {
        Some((_, times)) => *times += 1,
        None => interchange.documents.push((document_type, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edifact_is_read_with_and_without_una() {
        let usual = "UNB+UNOC:3+ME:14+YOU:14+260507:0800+77'UNH+1+ORDERS:D:96A:UN'UNH+2+INVOIC:D:96A:UN'UNZ+2+77'";
        let other = format!("UNA.*,? ~{}", usual.replace('\'', "~\r\n").replace('+', "*").replace(':', "."));
        let expected = Interchange {
            sender: "ME".to_owned(),
            receiver: "YOU".to_owned(),
            control_id: "77".to_owned(),
            documents: vec![("ORDERS".to_owned(), 1), ("INVOIC".to_owned(), 1)],
        };
        let expected = [expected];
        assert_eq!(all(usual.as_bytes()), expected);
        assert_eq!(all(other.as_bytes()), expected);
    }

    #[test]
    fn what_is_neither_has_none() {
        for content in [&b""[..], b"IS", b"ISA*too short", b"%PDF-1.7", b"\xff\xfe"] {
            assert_eq!(all(content), []);
        }
    }
}
