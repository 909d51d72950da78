//! One field of an answer's head, found by name in the head as it came.

use std::ops::Range;

use memchr::memchr;

/// Where the value of the first field of that name stands, without the space around it. The head was parsed: no name in
/// it has a colon, no line goes on in the next, and no value has a NUL. So a NUL is one that was put behind a value for
/// C, and ends its line.
pub fn find_field(head: &[u8], name: &[u8]) -> Option<Range<usize>> {
    let line = head
        .split(|&byte| matches!(byte, b'\n' | 0))
        .skip(1)
        .find(|line| memchr(b':', line) == Some(name.len()) && line[..name.len()].eq_ignore_ascii_case(name))?;
    let value = line[name.len() + 1..].trim_ascii();
    let start = value.as_ptr().addr() - head.as_ptr().addr();
    Some(start..start + value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 200 OK: fine\r\nDate:Thu\r\nX-Request-Id: \t a b \r\nEmpty:\r\nBlank: \t\nX: \xe9\nx-request-id: second\n\n";

    #[test]
    fn the_first_field_of_a_name_is_found_in_any_case() {
        let find = |name: &str| find_field(HEAD, name.as_bytes()).map(|range| &HEAD[range]);
        for (name, value) in [("Date", "Thu"), ("date", "Thu"), ("x-REQUEST-id", "a b"), ("Empty", ""), ("blank", "")] {
            assert_eq!(find(name), Some(value.as_bytes()), "{name}");
        }
        assert_eq!(find("x"), Some(&b"\xe9"[..]));
        for nothing in
            ["", "Dat", "Date:", "Date:Thu", "ate", "X-Request", "X-Request-Id:", "HTTP/1.1 200 OK", "\r", "a b"]
        {
            assert_eq!(find(nothing), None, "{nothing:?}");
        }
        assert_eq!((find_field(b"", b"x"), find_field(b"HTTP/1.1 200 OK\r\n\r\n", b"x")), (None, None));
    }

    /// Also where the end of its line was in that place.
    #[test]
    fn a_nul_behind_a_value_hides_neither_that_nor_the_next() {
        let mut head = HEAD.to_vec();
        let names = ["Date", "X-Request-Id", "Empty", "Blank", "X"];
        let found = names.map(|name| find_field(HEAD, name.as_bytes()).unwrap());
        for range in found.iter().filter(|range| !range.is_empty()) {
            head[range.end] = 0;
        }
        assert_eq!(names.map(|name| find_field(&head, name.as_bytes()).unwrap()), found);
    }
}
