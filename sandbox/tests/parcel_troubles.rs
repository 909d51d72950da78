//! Parcels on a bad day: what may go wrong with them, and each of the shapes that ECGrid's pages give their answers.

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Answer, Client, call, start};
use ecgrid_sandbox::{Sandbox, Shape, Trouble};
use serde_json::{Value, json};
use std::io;
use std::time::Duration;

fn try_post(sandbox: &Sandbox, path: &str, body: &Value) -> io::Result<Answer> {
    let key = format!("X-API-Key: {}", sandbox.users()[0].api_key);
    Client::http(sandbox).call(&format!("POST {path}"), &[&key], &body.to_string())
}

fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    try_post(sandbox, &format!("/v2/parcels/{path}"), body).expect("an answer")
}

fn upload(sandbox: &Sandbox) -> Value {
    post(sandbox, "upload", &json!({ "fileName": "a.edi", "content": STANDARD.encode("hello") })).data()
}

#[test]
fn answers_are_lost_cut_or_refused_so_often_as_the_test_says() {
    let sandbox = start();
    let ask = || try_post(&sandbox, "/v2/parcels/confirm", &json!({ "parcelId": 70_001 }));
    for (trouble, done) in [(Trouble::LoseRequest, 0), (Trouble::LoseAnswer, 1), (Trouble::CutAnswer(5), 2)] {
        sandbox.trouble("/v2/parcels/confirm", 1, trouble);
        assert!(ask().is_err(), "{trouble:?}");
        assert_eq!(sandbox.parcels()[0].confirmations, done, "{trouble:?}");
    }
    sandbox.trouble("/v2/parcels/confirm", 2, Trouble::Refuse(429));
    let statuses: Vec<u16> = (0..3).map(|_| ask().expect("an answer").status).collect();
    assert_eq!((statuses, sandbox.parcels()[0].confirmations), (vec![429, 429, 200], 3));
    sandbox.trouble("/v2/parcels/confirm", 1, Trouble::SpoilAnswer(2));
    assert!(ask().expect("an answer").text().starts_with("{\"!uccess\""));
    sandbox.trouble("/v2/parcels/confirm", 2, Trouble::LoseRequest);
    sandbox.no_trouble();
    assert_eq!(ask().expect("an answer").status, 200);
}

#[test]
fn a_program_in_any_language_asks_for_trouble_and_looks_what_has_happened() {
    let sandbox = start();
    let control = |path: &str, body: &Value| try_post(&sandbox, path, body).expect("an answer");
    let delivered =
        control("/sandbox/deliver", &json!({ "mailboxId": 101, "fileName": "../x", "content": "abc", "times": 2 }));
    let trouble = json!({ "path": "/v2/parcels/download", "what": "lose-answer" });
    assert_eq!(control("/v2/sandbox/trouble", &trouble).data(), json!(true));
    assert!(try_post(&sandbox, "/v2/parcels/download", &json!({ "parcelId": delivered.data() })).is_err());
    let parcels = call(&sandbox, "GET /sandbox/parcels", &[], "").data();
    let last = &parcels[3];
    assert_eq!((&last["parcelId"], &last["fileName"], &last["bytes"]), (&delivered.data(), &json!("../x"), &json!(6)));
    assert_eq!((&last["downloads"], &last["confirmations"], &last["resets"]), (&json!(1), &json!(0), &json!(0)));
    // FNV-1a of "abcabc".
    assert_eq!(last["hash"], json!("acc6223fa5a41b95"));
    assert_eq!(control("/sandbox/switch", &json!({ "pendingPage": 1 })).data(), json!(true));
    assert_eq!(post(&sandbox, "pending-inbox-list", &json!({})).data().as_array().map(Vec::len), Some(1));
    for wrong in [json!({}), json!({ "path": "/x", "what": "else" })] {
        assert_eq!(control("/sandbox/trouble", &wrong).status, 400);
    }
}

#[test]
fn each_shape_is_one_of_ecgrids_pages() {
    let sandbox = start();
    let first = json!({ "parcelId": 70_001 });
    sandbox.shape(Shape::Reference);
    assert!(upload(&sandbox).is_i64());
    assert!(post(&sandbox, "outbox-list", &json!({})).data().is_array());
    sandbox.shape(Shape::Samples);
    assert_eq!(upload(&sandbox).as_object().map(|data| data.len()), Some(1));
    let list = post(&sandbox, "pending-inbox-list", &json!({})).json();
    assert_eq!((list["data"].as_array().map(Vec::len), &list["totalRecords"]), (Some(5), &json!(5)));
    sandbox.shape(Shape::Guide);
    let uploaded = upload(&sandbox);
    assert_eq!((&uploaded["status"], &uploaded["size"]), (&json!("OutBoxQueued"), &json!(5)));
    let download = post(&sandbox, "download", &first).text();
    let places = ["\"content\":", "\"fileName\":", "\"parcelID\":", "\"size\":", "\"contentEncoding\":\"Base64\""];
    let places: Vec<Option<usize>> = places.iter().map(|member| download.find(member)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{download}");
    assert_eq!(post(&sandbox, "confirm", &first).data()["status"], json!("InBoxTransferred"));
    assert!(post(&sandbox, "pending-inbox-list", &json!({})).data()[0]["fromECGridId"].is_i64());
}

#[test]
fn a_parcel_may_leave_the_list_with_its_download_and_comes_back_when_it_is_put_back() {
    let sandbox = start();
    sandbox.download_transfers(true);
    let first = json!({ "parcelId": 70_001 });
    let pending = || post(&sandbox, "pending-inbox-list", &json!({})).data().as_array().map(Vec::len);
    assert_eq!(post(&sandbox, "download", &first).status, 200);
    assert_eq!((pending(), sandbox.parcels()[0].status), (Some(2), "InBoxTransferred"));
    assert_eq!(post(&sandbox, "confirm", &first).status, 200);
    assert_eq!((pending(), sandbox.parcels()[0].status), (Some(2), "InBoxArchived"));
    assert!(sandbox.reset_parcel(70_001) && !sandbox.reset_parcel(1));
    assert_eq!((pending(), sandbox.parcels()[0].resets), (Some(3), 1));
}

#[test]
fn the_outbox_may_show_an_upload_late_and_without_its_times() {
    let sandbox = start();
    sandbox.outbox_delay(Duration::from_secs(3600));
    upload(&sandbox);
    let sent = || post(&sandbox, "outbox-list", &json!({})).data()["parcels"].clone();
    assert_eq!(sent(), json!([]));
    sandbox.outbox_delay(Duration::ZERO);
    assert!(sent()[0]["created"].is_string());
    sandbox.no_times(true);
    assert!(sent()[0]["created"].is_null() && sent()[0]["fileName"] == json!("a.edi"));
}

#[test]
fn a_long_parcel_is_sent_without_lying_in_memory() {
    let sandbox = start();
    let content = vec![b'x'; 3 << 20];
    let id = sandbox.deliver_long_parcel(101, "long.edi", &content, 30).expect("an id");
    let data = post(&sandbox, "download", &json!({ "parcelId": id })).data();
    let text = data["content"].as_str().expect("a text");
    assert_eq!((text.len(), &data["bytes"]), (30 * (4 << 20), &json!(30 * (3 << 20))));
    assert!(text.as_bytes().chunks(4).all(|group| group == b"eHh4"));
}

#[test]
fn a_form_with_a_file_is_an_upload_too() {
    let sandbox = start();
    let key = format!("X-API-Key: {}", sandbox.users()[0].api_key);
    let kind = "Content-Type: multipart/form-data; boundary=\"b0\"";
    let body = "--b0\r\nContent-Disposition: form-data; name=mailboxId\r\n\r\n101\r\n\
        --b0\r\nContent-Disposition: form-data; name=file; filename=\"a b.edi\"\r\nContent-Type: text/plain\r\n\r\nISA*\r\n\r\n--b0--\r\n";
    let answer = call(&sandbox, "POST /v2/parcels/upload", &[&key, kind], body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let parcel = sandbox.parcels().pop().expect("one");
    assert_eq!((&*parcel.file_name, &*parcel.content, parcel.mailbox_from), ("a b.edi", &b"ISA*\r\n"[..], 101));
}

/// As .NET writes a form: the type first, no quotes where none are needed, the name of the file twice.
#[test]
fn a_form_of_dotnet_is_taken_with_the_name_and_the_bytes_that_were_sent() {
    let sandbox = start();
    let key = format!("X-API-Key: {}", sandbox.users()[0].api_key);
    let kind = "Content-Type: multipart/form-data; boundary=\"f19ada4f-308f\"";
    let content = "ISA*\r\n--not the end\r\n\0\r\n";
    for (named, name) in [
        ("filename=order.edi; filename*=utf-8''order.edi", "order.edi"),
        ("filename=\"two words.edi\"; filename*=utf-8''two%20words.edi", "two words.edi"),
        ("filename=\"=?utf-8?B?w6kuZWRp?=\"; filename*=utf-8''%C3%A9.edi", "\u{e9}.edi"),
        ("filename=\"100%.edi\"; filename*=utf-8''100%25.edi", "100%.edi"),
    ] {
        let body = format!(
            "--f19ada4f-308f\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: form-data; name=file; {named}\r\n\r\n{content}\r\n\
             --f19ada4f-308f\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Disposition: form-data; name=mailboxId\r\n\r\n101\r\n--f19ada4f-308f--\r\n"
        );
        let answer = call(&sandbox, "POST /v2/parcels/upload", &[&key, kind], &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let parcel = sandbox.parcels().pop().expect("one");
        assert_eq!((&*parcel.file_name, &*parcel.content), (name, content.as_bytes()));
    }
    let none = "--f19ada4f-308f\r\nContent-Disposition: form-data; name=mailboxId\r\n\r\n101\r\n--f19ada4f-308f--\r\n";
    assert_eq!(call(&sandbox, "POST /v2/parcels/upload", &[&key, kind], none).status, 400);
    let other = "--f19ada4f-308f\r\nContent-Disposition: form-data; name=mailboxId\r\n\r\n100\r\n\
        --f19ada4f-308f\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\na\r\n--f19ada4f-308f--\r\n";
    assert_eq!(call(&sandbox, "POST /v2/parcels/upload", &[&key, kind], other).status, 403);
}
