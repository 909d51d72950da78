//! Names for files: made of what others say, and never longer than a file system allows.

use std::ffi::OsStr;

/// In bytes.
const LONGEST: usize = 255;

/// What of a server's file name may be in a name here; "" when nothing may. Only ASCII letters and digits, dots, dashes and
/// underscores stay.
pub fn clean(name: &str) -> String {
    const LONGEST: usize = 150;
    const LONGEST_EXTENSION: usize = 16;
    let begin = name.bytes().rposition(|byte| matches!(byte, b'/' | b'\\')).map_or(0, |at| at + 1);
    let is_fine = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_');
    let cleaned: String = name[begin..].chars().map(|char| if is_fine(char) { char } else { '_' }).collect();
    let cleaned = cleaned.trim_matches('.');
    if cleaned.len() <= LONGEST {
        return cleaned.to_owned();
    }
    let extension = cleaned.rfind('.').map(|dot| &cleaned[dot..]).filter(|end| end.len() <= LONGEST_EXTENSION);
    let extension = extension.unwrap_or_default();
    format!("{}{extension}", cleaned[..LONGEST - extension.len()].trim_end_matches('.'))
}

/// `STEM-REST`, `STEM.2-REST`, `STEM.3-REST` and so on; without a rest only the stem.
pub fn numbered(stem: &str, rest: &str) -> impl Iterator<Item = String> {
    let (stem, rest) = (stem.to_owned(), if rest.is_empty() { String::new() } else { format!("-{rest}") });
    (1_u32..).map(move |number| {
        let number = if number == 1 { String::new() } else { format!(".{number}") };
        let begin = format!("{stem}{number}");
        format!("{begin}{}", fitting(&rest, begin.len()))
    })
}

/// As much of a name as leaves so many bytes room behind it, cut where a character ends.
pub fn fitting(name: &str, behind: usize) -> String {
    let mut end = name.len().min(LONGEST.saturating_sub(behind));
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}

/// Whether an outbox may take a file of that name. Programs that write a file give it another first, and rename it when
/// it is whole.
pub fn is_ready(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    !(name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_servers_name_only_harmless_characters_of_its_last_part_stay() {
        for (name, cleaned) in [
            ("order.edi", "order.edi"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:x", "C_x"),
            ("CON", "CON"),
            ("a b\u{e9}\u{202e}\n\0.x12", "a_b____.x12"),
            ("...", ""),
            (".hidden.", "hidden"),
            ("dir/", ""),
            ("", ""),
        ] {
            assert_eq!(clean(name), cleaned, "{name:?}");
        }
        let long = clean(&format!("{}.edi", "x".repeat(300)));
        assert!(long.len() == 150 && long.ends_with("xx.edi"));
        assert_eq!(clean(&format!("a.{}", "x".repeat(300))).len(), 150);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let first: Vec<String> = numbered("7", "order.edi").take(3).collect();
        assert_eq!(first, ["7-order.edi", "7.2-order.edi", "7.3-order.edi"]);
        assert_eq!(numbered("7", "").nth(1).unwrap(), "7.2");
        assert!(numbered(&i64::MAX.to_string(), &"\u{e9}".repeat(200)).take(12).all(|name| name.len() <= 255));
    }

    #[test]
    fn a_file_in_the_making_is_not_ready() {
        for (name, ready) in [
            ("order.edi", true),
            ("order", true),
            (".order.edi", false),
            ("order.edi.TMP", false),
            ("order.part", false),
            (".ecgrid", false),
            ("part", true),
        ] {
            assert_eq!(is_ready(OsStr::new(name)), ready, "{name}");
        }
    }
}
