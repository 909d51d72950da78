//! How a character may be spelled: as it is, or as a URL, JSON or HTML writes it.

/// Whether nothing is left but perhaps the beginning of an escape.
pub fn is_cut(rest: &str) -> bool {
    let all_hex = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(first) = rest.bytes().next() else { return true };
    if rest.len() >= 12 {
        return false;
    }
    match first {
        b'%' => rest.split('%').skip(1).all(|hex| hex.len() <= 2 && all_hex(hex)),
        b'\\' => rest.split('\\').skip(1).all(|escape| all_hex(escape.strip_prefix('u').unwrap_or(escape))),
        b'&' => match rest[1..].strip_prefix('#') {
            Some(number) => all_hex(number.strip_prefix(['x', 'X']).unwrap_or(number)),
            None => rest[1..].bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_name_begun(&rest[1..]),
        },
        _ => false,
    }
}

/// Tells how many bytes at the start of the text may spell a character: as it is, or as a URL, JSON or HTML writes it.
pub fn spelled(text: &str, char: char, mut tell: impl FnMut(usize)) {
    let Some(first) = text.chars().next() else { return };
    if first == char {
        tell(first.len_utf8());
    }
    let encoded = match first {
        '%' => in_percent(text, char),
        '+' if char == ' ' => Some(1),
        '\\' => in_json(text, char),
        '&' => in_html(text, char),
        _ => None,
    };
    encoded.into_iter().for_each(tell);
}

fn in_percent(text: &str, char: char) -> Option<usize> {
    let mut bytes = [0; 4];
    for (index, byte) in char.encode_utf8(&mut bytes).bytes().enumerate() {
        let hex = text.get(3 * index..3 * index + 3)?.strip_prefix('%')?;
        if u8::from_str_radix(hex, 16) != Ok(byte) {
            return None;
        }
    }
    Some(3 * char.len_utf8())
}

fn in_json(text: &str, char: char) -> Option<usize> {
    let letter = text.chars().nth(1)?;
    let meant = match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let mut units = [0; 2];
            for (index, unit) in char.encode_utf16(&mut units).iter().enumerate() {
                let hex = text.get(6 * index..6 * index + 6)?.strip_prefix("\\u")?;
                if u16::from_str_radix(hex, 16) != Ok(*unit) {
                    return None;
                }
            }
            return Some(6 * char.len_utf16());
        }
        plain => plain,
    };
    (meant == char).then_some(1 + letter.len_utf8())
}

/// The names that HTML encoders use, of the characters of XML and then of Latin-1 in their order.
const NAMES: [(char, &str); 6] = [
    ('&', "amp"),
    ('<', "lt"),
    ('>', "gt"),
    ('"', "quot"),
    ('\'', "apos"),
    (
        '\u{a0}',
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
         micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
         Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
         Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
         eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
         uacute ucirc uuml yacute thorn yuml",
    ),
];

pub fn named() -> impl Iterator<Item = (char, &'static str)> {
    NAMES.into_iter().flat_map(|(first, names)| (first..).zip(names.split(' ')))
}

fn is_name_begun(name: &str) -> bool {
    named().any(|(_, known)| known.starts_with(name))
}

fn in_html(text: &str, char: char) -> Option<usize> {
    // The longest is &#1114111; with zeros before it perhaps; and a text of ampersands must not be searched to its end
    // for each.
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let is_meant = match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok() == Some(u32::from(char))
        }
        None => named().any(|known| known == (char, name)),
    };
    is_meant.then_some(end + 1)
}
