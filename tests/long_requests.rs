//! Long bodies: sent from where the caller has them, and told of like short ones.

mod common;

use common::server::{Server, answer};
use ecgrid::ffi::*;
use serde_json::json;

/// A parcel as it is uploaded.
fn parcel(length: usize) -> String {
    let content = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0".repeat(length / 76);
    json!({"fileName": "invoice.edi", "content": content + "=="}).to_string()
}

#[test]
fn a_body_of_any_length_arrives_as_it_is_also_when_it_is_sent_again() {
    for length in [0, 76, 15_000, 16_000, 17_000, 33_000, 50_000, 66_000, 5_000_000] {
        let body = parcel(length);
        let servers = Server::both(|connection| {
            for line in ["503 Busy", "200 OK"] {
                connection.read_request();
                connection.send(answer(line, "Retry-After: 0\r\n", r#"{"success":true,"data":1}"#).as_bytes());
            }
        });
        for server in servers {
            let session = server.config().client().key_session("key").unwrap();
            session.call("POST", "/v2/parcels/upload", Some(&body)).unwrap();
            let requests = server.requests();
            assert_eq!(requests.len(), 2);
            for request in requests {
                let sent = request.split_once("\r\n\r\n").unwrap().1;
                assert!(sent == body, "{length}: {} bytes arrived of {}", sent.len(), body.len());
            }
        }
    }
}

#[test]
fn a_refusal_that_comes_before_a_long_body_was_read_is_used() {
    for interim in ["", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let servers = Server::both(move |connection| {
            let _ = connection.stream.peek(&mut [0]);
            connection.send(interim.as_bytes());
            connection.wait_until_received();
            connection.send(answer("413 Too Large", "", r#"{"success":false,"message":"too large"}"#).as_bytes());
            connection.ignore();
        });
        for server in servers {
            let session = server.config().timeout(20_000).client().key_session("key").unwrap();
            let failure = session.call("POST", "/v2/parcels/upload", Some(&parcel(40 << 20))).unwrap_err();
            assert_eq!(failure.kind(), (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 413), "{failure:?}");
            assert!(failure.message.ends_with("the server says: too large"), "{failure:?}");
        }
    }
}

#[test]
fn a_refused_upload_shows_the_servers_words_and_no_secret_that_was_in_it() {
    let server = Server::start(|connection| {
        while connection.pass_request() {
            let words = json!({"success": false, "message": "no mailbox 7 for canary-1 or canary&#45;2"});
            connection.send(answer("400 Bad Request", "", &words.to_string()).as_bytes());
        }
    });
    let session = server.config().timeout(20_000).client().key_session("key").unwrap();
    let upload = parcel(40_000_000);
    let escaped = upload.replace("MTU5", "MTU\\u002B\\/");
    let with_secrets = upload.replacen('{', r#"{"token":"canary-1","note":"see https://u:canary-2@h","#, 1);
    let at_its_end = format!(r#"{{"text":"{} token=canary-1 password=canary-2"}}"#, "ISA*00*~ ".repeat(1_000_000));
    for (body, words) in [
        (upload, "no mailbox 7 for canary-1 or canary&#45;2"),
        (escaped, "no mailbox 7 for canary-1 or canary&#45;2"),
        (with_secrets, "no mailbox 7 for *** or ***"),
        (at_its_end, "no mailbox 7 for *** or ***"),
    ] {
        let failure = session.call("POST", "/v2/parcels/upload", Some(&body)).unwrap_err();
        assert!(failure.message.starts_with("POST /v2/parcels/upload refused by "), "{failure:?}");
        assert!(failure.message.ends_with(&format!("the server says: {words}")), "{failure:?}");
    }
}
