//! What this module reads, ureq reads the same: two that agree on where an answer ends are not easily split apart.

use std::io::Read;

use proptest::prelude::*;
use ureq::Agent;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport};

use super::{Head, find_end};
use crate::memory::Buffer;

/// A connection on which everything has been said already, and arrives in pieces.
#[derive(Debug)]
struct Canned {
    buffers: LazyBuffers,
    pieces: Vec<Vec<u8>>,
}

impl Transport for Canned {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let Some(piece) = self.pieces.pop() else { return Ok(false) };
        self.buffers.input_append_buf()[..piece.len()].copy_from_slice(&piece);
        self.buffers.input_appended(piece.len());
        Ok(true)
    }

    fn is_open(&mut self) -> bool {
        false
    }
}

#[derive(Debug)]
struct Say(Vec<Vec<u8>>);

impl Connector for Say {
    type Out = Canned;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Canned>, ureq::Error> {
        let pieces = self.0.iter().rev().cloned().collect();
        Ok(Some(Canned { buffers: LazyBuffers::new(1 << 17, 1 << 12), pieces }))
    }
}

#[derive(Debug)]
struct Nowhere;

impl Resolver for Nowhere {
    fn resolve(
        &self,
        _: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

type Answer = Option<(u16, Vec<u8>)>;

fn by_ureq(pieces: &[Vec<u8>]) -> Answer {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
    let agent = Agent::with_parts(config, Say(pieces.to_vec()), Nowhere);
    let (parts, body) = agent.post("http://localhost/").send("x").ok()?.into_parts();
    let mut text = Vec::new();
    body.into_reader().read_to_end(&mut text).ok()?;
    Some((parts.status.as_u16(), text))
}

fn by_us(pieces: &[Vec<u8>]) -> Answer {
    let (mut unread, mut out, mut searched) = (Vec::new(), Buffer::default(), 0);
    let mut head: Option<Head> = None;
    for piece in pieces {
        unread.extend_from_slice(piece);
        while head.is_none() {
            let Some(end) = find_end(&unread, &mut searched) else { break };
            head = Some(Head::parse(&unread[..end]).ok()?).filter(Head::is_final);
            unread.drain(..end);
            searched = 0;
        }
        if let Some(head) = &mut head {
            let used = head.body.take(&unread, &mut out).ok()?;
            unread.drain(..used);
        }
    }
    let head = head?;
    (head.body.is_complete() || head.body.ends_with_connection()).then_some((head.status, out.to_vec()))
}

fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in body.chunks(size) {
        text.extend(format!("{:X};x=\"y\"\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
    }
    [&text[..], b"0\r\nX-Trailer: 1\r\n\r\n"].concat()
}

prop_compose! {
    fn answers()(
        interim in proptest::sample::subsequence(vec!["100 Continue\r\n", "103 Early Hints\r\nLink: </x>\r\n"], 0..=2),
        version in prop_oneof![4 => Just("1.1"), 1 => Just("1.0")],
        status in prop_oneof![Just(200), Just(204), Just(302), Just(401), Just(503), 200..600_u16],
        fields in proptest::sample::subsequence(
            vec!["Date: Thu, 07 May 2026 18:30:00 GMT", "Server: x", "Connection: close", "Keep-Alive: timeout=5", "X: \u{e9}"],
            0..=5,
        ),
        framing in 0..4_usize,
        body in proptest::collection::vec(any::<u8>(), 0..300),
        chunk in 1..100_usize,
        after in prop_oneof![4 => Just(&b""[..]), 1 => Just(&b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nX"[..])],
    ) -> Vec<u8> {
        let mut text = String::new();
        interim.iter().for_each(|interim| text.push_str(&format!("HTTP/1.1 {interim}\r\n")));
        // In an answer of HTTP/1.0 ureq takes no notice of chunks; RFC 9112, 6.1 leaves it open. We read them, as
        // curl does.
        let version = if framing == 2 { "1.1" } else { version };
        text.push_str(&format!("HTTP/{version} {status} Why\r\n"));
        fields.iter().for_each(|field| text.push_str(&format!("{field}\r\n")));
        match framing {
            0 => text.push_str(&format!("Content-Length: {}\r\n\r\n", body.len())),
            1 => text.push_str(&format!("content-length:{0}\r\nCONTENT-LENGTH: {0}\r\n\r\n", body.len())),
            2 => text.push_str("Transfer-Encoding: chunked\r\n\r\n"),
            _ => text.push_str("\r\n"),
        }
        let body = if framing == 2 { chunked(&body, chunk) } else { body };
        [text.as_bytes(), &body, after].concat()
    }
}

fn cut(bytes: &[u8], places: &[usize]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = places.iter().map(|place| place % bytes.len()).chain([0, bytes.len()]).collect();
    places.sort_unstable();
    places.dedup();
    places.windows(2).map(|piece| bytes[piece[0]..piece[1]].to_vec()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_sound_answer_is_read_alike(answer in answers(), places in proptest::collection::vec(any::<usize>(), 0..6)) {
        let pieces = cut(&answer, &places);
        let ours = by_us(&pieces);
        prop_assert!(ours.is_some(), "{}", answer.escape_ascii());
        prop_assert!(ours == by_ureq(&pieces), "{}", answer.escape_ascii());
    }

    #[test]
    fn a_broken_answer_is_never_read_as_two_different_ones(
        mut answer in answers(),
        places in proptest::collection::vec(any::<usize>(), 0..6),
        broken in proptest::collection::vec((any::<usize>(), prop_oneof![any::<u8>(), Just(b'\n'), Just(b'0')]), 1..4),
    ) {
        for (at, byte) in broken {
            let at = at % answer.len();
            answer[at] = byte;
        }
        let says = |text: &[u8]| answer.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text));
        prop_assume!(!(says(b"HTTP/1.0") && says(b"chunked")));
        let pieces = cut(&answer, &places);
        let ours = by_us(&pieces);
        prop_assert!(ours == by_us(std::slice::from_ref(&answer)), "it depends on the pieces: {}", answer.escape_ascii());
        if let (Some(ours), Some(theirs)) = (ours, by_ureq(&pieces)) {
            prop_assert!(ours == theirs, "{}\nours {}: {}\nureq's {}: {}", answer.escape_ascii(), ours.0, ours.1.escape_ascii(), theirs.0, theirs.1.escape_ascii());
        }
    }
}
