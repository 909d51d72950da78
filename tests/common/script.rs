//! ECGrids that are scripted: each request is answered by its path.

use super::server::{Connection, Server, answer};

const OK: &str = r#"{"success":true,"data":true}"#;
const DENIED: &str = r#"{"success":false,"errorCode":"InvalidSession","message":"no","data":null}"#;
/// A Date, and an expiry an hour later.
const DATE: &str = "Date: Thu, 07 May 2026 12:00:00 GMT\r\n";
pub const IN_AN_HOUR: &str = "2026-05-07T13:00:00Z";

pub fn ok() -> String {
    answer("200 OK", "", OK)
}

pub fn denied() -> String {
    answer("401 Unauthorized", "", DENIED)
}

pub fn token(number: usize, expires_at: &str) -> String {
    answer(
        "200 OK",
        DATE,
        &format!(r#"{{"success":true,"data":{{"token":"t{number}","expiresAt":"{expires_at}","userId":1}}}}"#),
    )
}

/// A server that answers each request by its path; "" closes the connection without an answer.
pub fn serve(script: impl Fn(&str, &str, &mut Connection) -> String + Send + Sync + 'static) -> Server {
    Server::start(move |connection| {
        while let Some(request) = connection.read_request() {
            let path = request.split(' ').nth(1).unwrap().to_owned();
            let answer = script(&path, &request, connection);
            if answer.is_empty() || !connection.send(answer.as_bytes()) {
                return;
            }
        }
    })
}

pub fn token_of(request: &str) -> usize {
    request.split("Authorization: Bearer t").nth(1).and_then(|rest| rest.split('\r').next()).unwrap().parse().unwrap()
}

pub fn asked(server: &Server, path: &str) -> usize {
    server.requests().iter().filter(|request| request.split(' ').nth(1) == Some(path)).count()
}
