//! A server that closes connections whenever it likes, and ten thousand logins that must not notice.

mod common;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use common::PASSWORD;
use common::server::{Connection, LOOPBACK, Server, answer};

const THREADS: usize = 4;

/// Who was answered, and how often.
type Answered = Arc<Mutex<HashMap<String, usize>>>;

/// A fixed sequence for each connection (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Answers the first request always: only a connection that was kept may turn out dead.
fn serve(connection: &mut Connection, answered: &Answered) {
    let mut dice = Dice(connection.number as u64);
    while let Some(request) = connection.read_request() {
        let name = request.split('"').nth(3).expect("a login").to_owned();
        let user: usize = name.parse().expect("a number");
        *answered.lock().unwrap().entry(name).or_default() += 1;
        let body = format!(r#"{{"success":true,"data":{{"token":"t","userId":{user}}}}}"#);
        connection.send(answer("200 OK", "", &body).as_bytes());
        match dice.below(10) {
            0 => return,
            1 => return connection.finish(),
            // When the next request has come, whole or in part.
            2 => return drop(connection.stream.peek(&mut [0])),
            3 => return drop(connection.read_request()),
            // At any moment of idleness, which may be the one in which the next request comes.
            4 => {
                let idle = Duration::from_micros(1 + dice.below(500));
                connection.stream.set_read_timeout(Some(idle)).expect("a timeout");
                if connection.stream.peek(&mut [0]).is_err() {
                    return;
                }
                connection.stream.set_read_timeout(None).expect("no timeout");
            }
            _ => {}
        }
    }
}

fn storm(start: impl FnOnce(Box<dyn Fn(&mut Connection) + Send + Sync>) -> Server, logins: usize) {
    let answered = Answered::default();
    let counted = answered.clone();
    let server = start(Box::new(move |connection| serve(connection, &counted)));
    let client = server.config().timeout(60_000).client();
    thread::scope(|scope| {
        for first in 1..=THREADS {
            let client = &client;
            scope.spawn(move || {
                for user in (first..=logins).step_by(THREADS) {
                    let token = client.login(&user.to_string(), PASSWORD);
                    assert_eq!(token.unwrap_or_else(|failure| panic!("{user}: {failure:?}")).user_id, user as i64);
                }
            });
        }
    });
    let answered = answered.lock().unwrap();
    let twice: Vec<_> = answered.iter().filter(|&(_, &count)| count != 1).collect();
    assert!(twice.is_empty(), "answered more than once: {twice:?}");
    assert_eq!(answered.len(), logins);
    // Or it was no storm.
    assert!(server.connections() > logins / 10, "{} connections", server.connections());
    assert!(server.connections() < logins, "{} connections", server.connections());
    assert!(server.requests().len() > logins, "no request was left unanswered");
}

#[test]
fn ten_thousand_logins_over_connections_that_close_at_random_are_answered_once_each() {
    storm(Server::start, 10_000);
}

#[test]
fn a_thousand_logins_over_tls_connections_that_close_at_random_are_answered_once_each() {
    storm(|serve| Server::start_tls(LOOPBACK, serve), 1000);
}
