//! Every way a login can fail: status, outcome, HTTP status, and words that help.

mod common;

use common::server::{Server, answer};
use common::{Client, Config, Failure, LOGIN, PASSWORD, both, sandbox};
use ecgrid::ffi::*;

const REFUSED: i32 = ECGRID_OUTCOME_REFUSED;
const UNKNOWN: i32 = ECGRID_OUTCOME_UNKNOWN;

#[test]
fn every_refusal_has_its_status_outcome_and_code() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.max_attempts(1)) {
        for (name, expected, code) in [
            ("fault-400", (ECGRID_REJECTED, REFUSED, 400), "InvalidParameter"),
            ("fault-401", (ECGRID_UNAUTHENTICATED, REFUSED, 401), "InvalidSession"),
            ("invalid-api-key", (ECGRID_UNAUTHENTICATED, REFUSED, 401), "InvalidAPIKey"),
            ("fault-403", (ECGRID_FORBIDDEN, REFUSED, 403), "AccessDenied"),
            ("fault-404", (ECGRID_NOT_FOUND, REFUSED, 404), "ObjectNotFound"),
            ("fault-405", (ECGRID_REJECTED, REFUSED, 405), "InvalidParameter"),
            ("fault-409", (ECGRID_REJECTED, REFUSED, 409), "DuplicateObject"),
            ("fault-429", (ECGRID_RATE_LIMITED, REFUSED, 429), "RateLimitExceeded"),
            ("fault-500", (ECGRID_SERVER_ERROR, UNKNOWN, 500), "InternalError"),
            ("fault-502", (ECGRID_SERVER_ERROR, UNKNOWN, 502), "InternalError"),
            ("fault-503", (ECGRID_SERVER_ERROR, REFUSED, 503), "InternalError"),
            ("fault-504", (ECGRID_SERVER_ERROR, UNKNOWN, 504), "InternalError"),
            ("rejected", (ECGRID_REJECTED, REFUSED, 200), "AccessDenied"),
            ("problem-400", (ECGRID_REJECTED, REFUSED, 400), ""),
            ("problem-503", (ECGRID_SERVER_ERROR, UNKNOWN, 503), ""),
            ("html-503", (ECGRID_SERVER_ERROR, UNKNOWN, 503), ""),
            ("gateway-503", (ECGRID_SERVER_ERROR, UNKNOWN, 503), ""),
            ("html-429", (ECGRID_RATE_LIMITED, REFUSED, 429), ""),
            ("html-502", (ECGRID_SERVER_ERROR, UNKNOWN, 502), ""),
            ("html-404", (ECGRID_NOT_FOUND, REFUSED, 404), ""),
            ("empty-500", (ECGRID_SERVER_ERROR, UNKNOWN, 500), ""),
            ("empty-401", (ECGRID_UNAUTHENTICATED, REFUSED, 401), ""),
            ("redirect", (ECGRID_BAD_RESPONSE, UNKNOWN, 307), ""),
            ("redirect-302", (ECGRID_BAD_RESPONSE, UNKNOWN, 302), ""),
            ("garbage", (ECGRID_BAD_RESPONSE, UNKNOWN, 0), ""),
            ("close", (ECGRID_CONNECTION_LOST, UNKNOWN, 0), ""),
            ("reset", (ECGRID_CONNECTION_LOST, UNKNOWN, 0), ""),
            ("lost", (ECGRID_CONNECTION_LOST, UNKNOWN, 0), ""),
            ("cut-head", (ECGRID_CONNECTION_LOST, UNKNOWN, 0), ""),
            ("cut", (ECGRID_CONNECTION_LOST, UNKNOWN, 200), ""),
            ("cut-chunk", (ECGRID_CONNECTION_LOST, UNKNOWN, 200), ""),
            ("reset-body", (ECGRID_CONNECTION_LOST, UNKNOWN, 200), ""),
        ] {
            let failure = client.failure_as(name);
            assert_eq!((failure.kind(), failure.code.as_str()), (expected, code), "{kind} {name}: {failure:?}");
            assert!(!failure.message.contains(PASSWORD), "{kind} {name}: {failure:?}");
        }
    }
}

#[test]
fn a_wrong_password_is_called_that() {
    let sandbox = sandbox();
    for (_, client) in both(&sandbox, |config| config) {
        let failure = client.login(LOGIN, "wrong").unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, REFUSED, 401));
        let expected = "(HTTP 401, InvalidSession): the user name or password is wrong";
        assert!(failure.message.starts_with("login of jsmith@example.com refused by http"), "{failure:?}");
        assert!(failure.message.contains(expected), "{failure:?}");
    }
    assert_eq!(sandbox.request_count(), 2);
}

#[test]
fn an_error_of_a_login_says_whose_it_was_in_one_short_line_without_a_secret() {
    let sandbox = sandbox();
    let key = "key-canary-5678";
    let client = Config::new(&sandbox.http_url()).api_key(key).max_attempts(1).client();
    let long = format!("{}@example.com", "mailbox.".repeat(20));
    for (login, password, shown) in [
        ("inbox-7", "wrong", "inbox-7"),
        ("two\r\nlines\u{202e}\u{7f}", "wrong", "two lines"),
        (&long, "wrong", &format!("{}…", &long[..64])),
        ("the-same-canary", "the-same-canary", "***"),
        ("of the-canary-password", "the-canary-password", "of ***"),
        (key, "wrong", "***"),
        ("Ä".repeat(70).as_str(), "wrong", &format!("{}…", "Ä".repeat(64))),
    ] {
        let failure = client.login(login, password).unwrap_err();
        assert!(failure.message.starts_with(&format!("login of {shown} refused by http")), "{failure:?}");
        assert!(!failure.message.contains("canary"), "{failure:?}");
    }
    let gone = Config::new("http://127.0.0.1:1").max_attempts(1).client();
    let failure = gone.login("inbox-7", "any").unwrap_err();
    assert!(failure.message.starts_with("login of inbox-7 not sent (http://127.0.0.1:1): "), "{failure:?}");
}

/// What the server gave to quote to its support: of the answer's own first, and none with a secret in it.
#[test]
fn an_error_has_the_id_by_which_the_support_finds_the_request() {
    const IN_THE_BODY: &str = r#"{"title":"No","status":400,"traceId":"of-the-body"}"#;
    let long = format!("X-Request-Id: {}\r\nCF-Ray: ray\r\n", "x".repeat(129));
    for (status, headers, body, id) in [
        ("400 No", "X-Request-Id: of-the-head\r\n", IN_THE_BODY, "of-the-body"),
        ("400 No", "CF-Ray: ray\r\nx-request-id:  of-the-head \r\n", "{}", "of-the-head"),
        ("503 No", "traceparent: 00-4bf92f35-00f067aa-00\r\n", "<html>busy</html>", "00-4bf92f35-00f067aa-00"),
        ("200 OK", "X-Trace-Id: t\r\n", r#"{"success":false}"#, "t"),
        ("200 OK", "Request-Id: |r.\r\n", "<html>portal</html>", "|r."),
        ("302 Found", "Location: https://elsewhere.invalid/\r\nX-Correlation-Id: c\r\n", "", "c"),
        ("200 OK", "CF-Ray: ray\r\n", r#"{"success":true,"data":{"token":7}}"#, "ray"),
        ("401 No", "X-Request-Id: canary-password\r\nCF-Ray: ray\r\n", r#"{"traceId":"x-canary-password"}"#, "ray"),
        ("401 No", "X-Request-Id: two words\r\n", r#"{"traceId":null}"#, ""),
        ("401 No", &long, "{}", "ray"),
        ("401 No", "X-Nothing: x\r\n", "{}", ""),
    ] {
        let answer = common::server::answer(status, headers, body);
        let server = Server::start(move |connection| {
            while connection.read_request().is_some() {
                connection.send(answer.as_bytes());
            }
        });
        let client = Config::new(&server.url()).max_attempts(1).client();
        let failure = client.login(LOGIN, "canary-password").unwrap_err();
        assert_eq!(failure.trace_id, id, "{status} {headers} {body}: {failure:?}");
        assert!(!failure.message.contains("canary"), "{failure:?}");
    }
    let gone = Config::new("http://127.0.0.1:1").max_attempts(1).client();
    assert_eq!(gone.login(LOGIN, "any").unwrap_err().trace_id, "");
}

#[test]
fn a_redirect_names_the_other_host_and_is_not_followed() {
    let sandbox = sandbox();
    let failure = Config::new(&sandbox.http_url()).client().failure_as("redirect");
    assert!(failure.message.contains("elsewhere.invalid"), "{failure:?}");
    assert!(!failure.message.contains("/v2/auth"), "{failure:?}");
    assert_eq!(sandbox.request_count(), 1);
}

#[test]
fn a_refusal_whose_body_breaks_off_is_still_a_refusal() {
    for (status, expected) in [
        ("401 No", (ECGRID_UNAUTHENTICATED, REFUSED, 401)),
        ("429 Slow", (ECGRID_RATE_LIMITED, REFUSED, 429)),
        ("500 Oops", (ECGRID_SERVER_ERROR, UNKNOWN, 500)),
    ] {
        for length in ["Content-Length: 100", "Content-Length: 99999999999", "Transfer-Encoding: chunked"] {
            let server = Server::start(move |connection| {
                connection.read_request();
                connection.send(format!("HTTP/1.1 {status}\r\n{length}\r\n\r\nhalf a").as_bytes());
            });
            let failure = Config::new(&server.url()).max_attempts(1).client().failure_as("any");
            assert_eq!(failure.kind(), expected, "{length}: {failure:?}");
        }
    }
}

#[test]
fn a_redirect_is_one_whatever_becomes_of_its_body() {
    for rest in ["Content-Length: 100\r\n\r\nshort", "Content-Length: 5000000\r\n\r\nshort"] {
        let server = Server::start(move |connection| {
            connection.read_request();
            let head = "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/x\r\n";
            connection.send(format!("{head}{rest}").as_bytes());
        });
        let failure = Config::new(&server.url()).client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, UNKNOWN, 302), "{failure:?}");
        assert!(failure.message.contains("elsewhere.invalid"), "{failure:?}");
    }
}

#[test]
fn an_echo_of_a_secret_that_breaks_off_is_not_repeated_either() {
    let text =
        format!("HTTP/1.1 400 Bad\r\nContent-Length: 500\r\n\r\nwrong password {}", &PASSWORD[..PASSWORD.len() - 1]);
    let server = Server::start(move |connection| {
        connection.read_request();
        connection.send(text.as_bytes());
    });
    let failure = Config::new(&server.url()).client().login(LOGIN, PASSWORD).unwrap_err();
    assert!(failure.message.ends_with("wrong password ***"), "{failure:?}");
}

fn failure_of(answer: impl Into<Vec<u8>>) -> Failure {
    let server = Server::answering(answer);
    Config::new(&server.url()).max_attempts(1).client().failure_as("any")
}

#[test]
fn the_servers_words_are_shown_short_and_on_one_line() {
    let long = "é<b>\r\n\t\u{202e}".repeat(1000);
    let failure =
        failure_of(answer("500 Oops", "", &serde_json::json!({"success": false, "message": long}).to_string()));
    let words = failure.message.split("the server says: ").nth(1).unwrap();
    assert_eq!(words.chars().count(), 200, "{failure:?}");
    assert!(words.starts_with("é é é"), "{failure:?}");

    let page = failure_of(answer("502 Bad Gateway", "", "<html><h1>502 Bad\nGateway</h1>"));
    assert!(page.message.ends_with("the server says: 502 Bad Gateway"), "{page:?}");
    let problem = failure_of(answer("400 Bad", "", r#"{"title":"Bad","detail":"no login","traceId":"00-7"}"#));
    assert!(problem.message.ends_with("the server says: Bad: no login (traceId 00-7)"), "{problem:?}");
}

#[test]
fn a_server_that_echoes_secrets_does_not_get_them_into_a_message() {
    let server = Server::start(|connection| {
        while let Some(request) = connection.read_request() {
            let echo = serde_json::json!({"success": false, "errorCode": "canary-key", "message": request}).to_string();
            connection.send(answer("400 Bad Request", "", &echo).as_bytes());
        }
    });
    let client = Config::new(&server.url()).api_key("canary-key").client();
    let failure = client.login(LOGIN, "canary \"password\" é").unwrap_err();
    assert!(!failure.message.contains("canary") && failure.code == "***", "{failure:?}");

    let overlapping = Server::answering(answer("400 Bad Request", "", "no company-prod-B-98765, no secret-key-98765"));
    let client = Config::new(&overlapping.url()).api_key("company-prod-B-98765").client();
    let failure = client.login(LOGIN, "company-prod-A").unwrap_err();
    assert!(failure.message.contains("no ***, no secret-key"), "{failure:?}");
    let client = Config::new(&overlapping.url()).api_key("secret-key-98765").client();
    let failure = client.login(LOGIN, "secret").unwrap_err();
    assert!(failure.message.ends_with("no ***"), "{failure:?}");
}

#[test]
fn retry_after_is_handed_on_in_milliseconds() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).max_attempts(1).client();
    for (name, expected) in [
        ("retry-after-7-429", 7000..=7000),
        ("retry-after-7-503", 7000..=7000),
        ("retry-date-60-503", 58_000..=60_000),
        ("retry-past-429", 0..=0),
        ("retry-long-429", 99_999_999_999_000..=99_999_999_999_000),
        ("retry-overflow-429", i64::MAX..=i64::MAX),
        ("retry-negative-429", -1..=-1),
        ("retry-bad-503", -1..=-1),
        ("fault-429", -1..=-1),
    ] {
        let failure = client.failure_as(name);
        assert!(expected.contains(&failure.retry_after_ms), "{name}: {failure:?}");
    }
}

#[test]
fn a_host_that_cannot_be_reached_is_named_with_its_port() {
    // A port that was free a moment ago, and one nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let failure = Config::new(&format!("{scheme}://127.0.0.1:{port}")).max_attempts(1).client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0));
        assert!(failure.message.contains(&format!("127.0.0.1:{port}")), "{failure:?}");
        assert!(failure.message.contains("connection refused"), "{failure:?}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_before_it_is() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    for (login, password, word) in [("", PASSWORD, "user name"), (LOGIN, "", "password")] {
        let failure = client.login(login, password).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0));
        assert!(failure.message.contains(word), "{failure:?}");
    }
    assert_eq!(sandbox.connection_count(), 0);
}

fn refused_configuration(config: Config) -> String {
    let failure = config.try_client().err().expect("a configuration that cannot work");
    assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0));
    failure.message
}

#[test]
fn settings_that_cannot_work_are_refused_when_the_client_is_made() {
    for url in
        ["http://rest.ecgrid.io", "ftp://rest.ecgrid.io", "rest.ecgrid.io", "https://", "https://h/?x=1", "https://h#f"]
    {
        refused_configuration(Config::new(url));
    }
    let message = refused_configuration(Config::new("https://user:canary@rest.ecgrid.io"));
    assert!(!message.contains("canary"), "{message}");
    let message = refused_configuration(Config::new("https://h").proxy("socks5://user:canary@127.0.0.1:1080"));
    assert!(message.contains("socks5") && !message.contains("canary"), "{message}");
}

#[test]
fn a_status_nobody_documents_is_a_bad_response() {
    let failure = failure_of(answer("699 Strange", "", "{}"));
    assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, UNKNOWN, 699));
}

#[test]
fn the_version_check_fails_in_the_same_ways() {
    let server = Server::answering(answer("404 Not Found", "", "<h1>nothing here</h1>"));
    let failure = Config::new(&server.url()).client().server_version().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_NOT_FOUND, REFUSED, 404));
    assert!(failure.message.starts_with("version check refused by"), "{failure:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn failures_do_not_spoil_the_connection_for_the_next_call() {
    let sandbox = sandbox();
    let client: Client = Config::secure(&sandbox).max_attempts(1).client();
    for name in ["fault-401", "fault-500", "html-502", "empty-503", "rejected", "not-json", "redirect"] {
        client.failure_as(name);
    }
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!(sandbox.connection_count(), 1);
}
