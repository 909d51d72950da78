//! Servers that mean harm: no memory, no time and no second send may be had from us.

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::server::{Server, login_answer};
use common::tls::{TlsServer, read_request, write_all};
use common::{Config, GRACE, LOGIN, PASSWORD};
use ecgrid::ffi::*;

#[test]
fn a_login_is_not_sent_again_when_a_part_of_a_tls_record_came_back() {
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = seen.clone();
    let server = TlsServer::start(move |number, tls, stream| {
        while read_request(tls, stream) {
            let count = counted.fetch_add(1, Ordering::SeqCst) + 1;
            if number == 1 && count == 2 {
                tls.writer().write_all(login_answer().as_bytes()).unwrap();
                let mut record = Vec::new();
                tls.write_tls(&mut record).unwrap();
                let _ = stream.write_all(&record[..record.len() - 10]);
                return;
            }
            write_all(tls, stream, login_answer().as_bytes());
        }
    });
    let client = server.config().client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = client.login(LOGIN, PASSWORD).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
    assert_eq!(seen.load(Ordering::SeqCst), 2);
}

#[test]
fn a_broken_record_instead_of_an_answer_is_a_lost_connection() {
    let server = TlsServer::start(|_, tls, stream| {
        read_request(tls, stream);
        let _ = stream.write_all(&[0x17, 3, 3, 0, 32]);
        let _ = stream.write_all(&[7; 32]);
        wait_for_end(stream);
    });
    let failure = server.config().client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
}

fn wait_for_end(stream: &mut TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Records for an idle connection that hold no answer: TLS 1.3 tickets, as many as are wanted.
#[test]
fn tickets_without_end_on_an_idle_connection_hold_nobody_up() {
    let server = TlsServer::start(|number, tls, stream| {
        if !read_request(tls, stream) || !write_all(tls, stream, login_answer().as_bytes()) || number > 1 {
            return;
        }
        // Only the key is missing to write records of our own.
        let mut sealer = common::tls::Sealer::of(tls);
        let mut ticket = vec![4, 0, 0, 22, 0, 0, 14, 16, 1, 2, 3, 4, 1, 9, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0];
        ticket.push(22);
        loop {
            let batch: Vec<u8> = (0..500).flat_map(|_| sealer.seal(&ticket)).collect();
            if stream.write_all(&batch).is_err() {
                return;
            }
        }
    });
    let client = server.config().timeout(2000).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let begun = Instant::now();
    client.login(LOGIN, PASSWORD).unwrap();
    assert!(begun.elapsed() < Duration::from_millis(2000) + GRACE);
}

#[test]
fn a_text_that_looks_like_a_thousand_secrets_costs_no_time() {
    let body = "&".repeat(60_000);
    let server = Server::answering(common::server::answer("400 Bad", "", &body));
    let client = Config::new(&server.url()).api_key("&canary-key").timeout(2000).client();
    let begun = Instant::now();
    let failure = client.login(LOGIN, "&canary-password").unwrap_err();
    assert_eq!(failure.status, ECGRID_REJECTED);
    assert!(begun.elapsed() < Duration::from_millis(2000), "{:?}", begun.elapsed());
}

#[test]
fn a_connection_whose_server_said_goodbye_with_its_answer_is_not_used_again() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let server = TlsServer::start(move |_, tls, stream| {
        while read_request(tls, stream) {
            counted.fetch_add(1, Ordering::SeqCst);
            // Answer and close_notify in one write, and no end of the TCP connection.
            tls.writer().write_all(login_answer().as_bytes()).unwrap();
            tls.send_close_notify();
            let _ = tls.complete_io(stream);
        }
    });
    let client = server.config().max_attempts(1).client();
    client.login(LOGIN, PASSWORD).unwrap();
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!((requests.load(Ordering::SeqCst), server.connections()), (2, 2));
}

#[test]
fn when_one_kept_connection_turned_out_dead_no_other_is_trusted() {
    let both = Arc::new(std::sync::Barrier::new(2));
    let server = Server::start(move |connection| {
        connection.read_request();
        if connection.number <= 2 {
            both.wait();
            connection.send(login_answer().as_bytes());
            // Closed without an answer when the next request has come.
            connection.read_request();
        } else {
            connection.send(login_answer().as_bytes());
            connection.wait_for_end();
        }
    });
    let client = Config::new(&server.url()).client();
    std::thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(|| client.login(LOGIN, PASSWORD).unwrap()))));
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!((server.requests().len(), server.connections()), (4, 3));
}

#[test]
fn a_final_answer_after_an_interim_one_stops_a_long_request() {
    let server = Server::start(|connection| {
        let mut first = [0; 1000];
        connection.stream.read_exact(&mut first).unwrap();
        connection.send(b"HTTP/1.1 102 Processing\r\n\r\n");
        connection.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        connection.ignore();
    });
    let client = Config::new(&server.url()).timeout(10_000).client();
    let failure = client.login(LOGIN, &"x".repeat(16 * 1024 * 1024)).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 413), "{failure:?}");
}

/// The answer to a login, and as much as wanted of the record of another that nobody asked for.
fn answer_and_more(tls: &mut rustls::ServerConnection, more: usize) -> [Vec<u8>; 2] {
    let mut records = [Vec::new(), Vec::new()];
    for record in &mut records {
        tls.writer().write_all(login_answer().replace("4821", "6666").as_bytes()).unwrap();
        tls.write_tls(record).unwrap();
    }
    let rest = records[1].split_off(more);
    [records.concat(), rest]
}

#[test]
fn half_a_record_that_nobody_asked_for_never_becomes_an_answer() {
    let server = TlsServer::start(|number, tls, stream| {
        if !read_request(tls, stream) {
            return;
        }
        if number > 1 {
            write_all(tls, stream, login_answer().as_bytes());
            return;
        }
        let [whole, rest] = answer_and_more(tls, 20);
        stream.write_all(&whole).unwrap();
        if read_request(tls, stream) {
            stream.write_all(&rest).unwrap();
        }
    });
    let client = server.config().max_attempts(1).client();
    assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 6666);
    assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821);
}

#[test]
fn a_login_is_not_sent_again_once_the_server_has_begun_to_speak() {
    let server = TlsServer::start(|_, tls, stream| {
        if !(read_request(tls, stream) && write_all(tls, stream, login_answer().as_bytes())) {
            return;
        }
        // In the middle of the long one: all of an answer but its end, then the rest of the request is read, and lost.
        let _ = rustls::Stream::new(tls, stream).read(&mut [0; 4096]);
        let [_, rest] = answer_and_more(tls, 0);
        stream.write_all(&rest[..rest.len() - 10]).unwrap();
        read_request(tls, stream);
        socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).unwrap();
    });
    let client = server.config().timeout(30_000).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = client.login(LOGIN, &"x".repeat(16 << 20)).unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
    assert_eq!(server.connections(), 1);
}
