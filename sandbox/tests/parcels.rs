//! Parcels: from one mailbox into another, and what is told of them on the way.

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Answer, PATIENCE, call, start};
use ecgrid_sandbox::{Sandbox, User};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A call with the API key of jsmith (0), admin (1) or another user.
fn post(sandbox: &Sandbox, user: usize, path: &str, body: &Value) -> Answer {
    let key = format!("X-API-Key: {}", sandbox.users()[user].api_key);
    call(sandbox, &format!("POST /v2/parcels/{path}"), &[&key], &body.to_string())
}

fn get(sandbox: &Sandbox, user: usize, path: &str) -> Answer {
    let key = format!("X-API-Key: {}", sandbox.users()[user].api_key);
    call(sandbox, &format!("GET /v2/parcels/{path}"), &[&key], "")
}

fn pending(sandbox: &Sandbox) -> Vec<i64> {
    let data = post(sandbox, 0, "pending-inbox-list", &json!({})).data();
    let parcels = data.as_array().expect("a bare array");
    parcels.iter().map(|parcel| parcel["parcelId"].as_i64().expect("an id")).collect()
}

/// A third user, of a trading partner's mailbox.
fn with_partner() -> Sandbox {
    let mut partner = User::new("partner@example.com", "pw", 4900);
    partner.mailbox_id = 102;
    Sandbox::builder().user(partner).start().expect("started")
}

const PARTNER: usize = 2;

fn upload(sandbox: &Sandbox, user: usize, more: &Value) -> Answer {
    let mut body = json!({ "fileName": "a.edi", "content": STANDARD.encode("hello") });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    post(sandbox, user, "upload", &body)
}

#[test]
fn three_parcels_wait_from_the_start() {
    let sandbox = start();
    let ids = pending(&sandbox);
    assert_eq!(ids, [70_001, 70_002, 9_007_199_254_740_993]);
    assert_ne!(ids[2] as f64 as i64, ids[2], "no double holds this id");
    for id in ids {
        let data = post(&sandbox, 0, "download", &json!({ "parcelId": id })).data();
        let content = STANDARD.decode(data["content"].as_str().expect("content")).expect("Base64");
        assert_eq!(data["bytes"], content.len());
        let manifest = get(&sandbox, 0, &format!("manifest/{id}")).data();
        assert_eq!((&manifest[0]["sender"], &manifest[0]["receiver"]), (&json!("PARTNERCO"), &json!("JSMITHCO")));
        assert_eq!((&manifest[0]["interchangeId"], &manifest[0]["count"]), (&json!(1), &json!(1)));
    }
    let utf8: Vec<bool> = sandbox.parcels().iter().map(|parcel| std::str::from_utf8(&parcel.content).is_ok()).collect();
    assert_eq!(utf8, [true, false, true], "one is in ISO 8859-1");
    let types: Vec<Value> = sandbox
        .parcels()
        .iter()
        .map(|parcel| get(&sandbox, 0, &format!("manifest/{}", parcel.parcel_id)).data()[0]["documentType"].clone())
        .collect();
    assert_eq!(types, ["850", "ORDERS", "810"]);
}

#[test]
fn a_parcel_is_fetched_and_confirmed_once() {
    let sandbox = start();
    let parcel = json!({ "parcelId": 70_001 });
    assert_eq!(post(&sandbox, 0, "download", &parcel).status, 200);
    assert!(pending(&sandbox).contains(&70_001), "a download alone confirms nothing");
    let confirmed = post(&sandbox, 0, "confirm", &parcel);
    assert_eq!((confirmed.status, confirmed.data()), (200, json!(true)));
    assert!(!pending(&sandbox).contains(&70_001));
    let again = post(&sandbox, 0, "confirm", &parcel);
    assert_eq!((again.status, again.data()), (200, json!(true)));
    assert_eq!(get(&sandbox, 0, "70001").data()["status"], "InBoxTransferred");
    assert_eq!((sandbox.downloads(), sandbox.confirmations(), sandbox.repeated_confirmations()), (1, 1, 1));
    assert_eq!((sandbox.parcels()[0].status, sandbox.parcels()[0].downloads), ("InBoxTransferred", 1));
}

#[test]
fn a_lost_confirmation_can_be_reset() {
    let sandbox = start();
    let parcel = json!({ "parcelId": 70_001 });
    post(&sandbox, 0, "confirm", &parcel);
    assert_eq!(post(&sandbox, 0, "reset-to-inbox/70001", &json!({})).data(), json!(true));
    assert!(pending(&sandbox).contains(&70_001));
    assert_eq!(post(&sandbox, 0, "confirm", &parcel).status, 200);
}

#[test]
fn an_upload_reaches_outbox_and_inbox() {
    let sandbox = with_partner();
    let answer = upload(&sandbox, PARTNER, &json!({ "ecGridIdTo": 20_101, "bytes": 5 }));
    let data = answer.data();
    assert_eq!((answer.status, &data["bytes"]), (200, &json!(5)));
    assert_eq!((&data["mailboxIdFrom"], &data["mailboxIdTo"]), (&json!(102), &json!(101)));
    let id = data["parcelId"].as_i64().expect("an id");
    assert!(pending(&sandbox).contains(&id));
    let out = post(&sandbox, PARTNER, "outbox-list", &json!({ "recordsPerPage": 500 })).data();
    let sent = out["parcels"].as_array().expect("parcels").last().cloned().expect("one");
    assert_eq!((&sent["parcelId"], &sent["mailboxId"]), (&json!(id), &json!(102)));
    assert_eq!((&sent["ecGridIdFrom"], &sent["ecGridIdTo"]), (&json!(20_102), &json!(20_101)));
    let content = post(&sandbox, 0, "download", &json!({ "parcelId": id })).data()["content"].clone();
    assert_eq!(content, json!(STANDARD.encode("hello")));
    assert_eq!(sandbox.uploads(), 1);
}

#[test]
fn an_upload_goes_where_it_is_addressed() {
    let sandbox = start();
    let to = |more: Value| upload(&sandbox, 1, &more).data()["mailboxIdTo"].clone();
    assert_eq!(to(json!({})), 100, "one's own, if nothing says otherwise");
    assert_eq!(to(json!({ "ecGridIdTo": 20_102 })), 102);
    let order = &sandbox.parcels()[0].content;
    assert_eq!(to(json!({ "content": STANDARD.encode(order) })), 101, "the receiver in the ISA segment");
    let from = |more: Value| upload(&sandbox, 1, &more).data()["mailboxIdFrom"].clone();
    assert_eq!(from(json!({ "mailboxId": 0 })), 100);
    assert_eq!(from(json!({ "mailboxId": 101 })), 101);
    assert_eq!(from(json!({ "ecGridIdFrom": 20_101 })), 101);
}

#[test]
fn bad_uploads_are_refused() {
    let sandbox = start();
    for (more, status) in [
        (json!({ "content": "no Base64!" }), 400),
        (json!({ "content": 7 }), 400),
        (json!({ "fileName": 7 }), 400),
        (json!({ "bytes": 6 }), 400),
        (json!({ "mailboxId": 101, "ecGridIdFrom": 20_100 }), 400),
        (json!({ "mailboxId": 100 }), 403),
        (json!({ "ecGridIdTo": 1 }), 404),
    ] {
        assert_eq!((upload(&sandbox, 0, &more).status, &more), (status, &more));
    }
    assert_eq!(sandbox.uploads(), 0);
}

#[test]
fn only_the_sender_cancels_and_only_in_time() {
    let sandbox = with_partner();
    assert_eq!(post(&sandbox, 0, "cancel/70001", &json!({})).status, 403);
    post(&sandbox, 0, "confirm", &json!({ "parcelId": 70_002 }));
    assert_eq!(post(&sandbox, PARTNER, "cancel/70002", &json!({})).status, 400);
    assert_eq!(post(&sandbox, PARTNER, "cancel/70001", &json!({})).data(), json!(true));
    assert_eq!(pending(&sandbox).len(), 1);
    for path in ["download", "confirm"] {
        assert_eq!(post(&sandbox, 0, path, &json!({ "parcelId": 70_001 })).status, 400, "{path}");
    }
    assert_eq!(post(&sandbox, 0, "reset-to-inbox/70001", &json!({})).status, 400);
}

#[test]
fn what_belongs_to_others_is_denied() {
    let sandbox = start();
    upload(&sandbox, 1, &json!({}));
    let foreign = sandbox.parcels()[3].parcel_id;
    for path in ["download", "confirm", "update"] {
        assert_eq!(post(&sandbox, 0, path, &json!({ "parcelId": foreign })).status, 403, "{path}");
        assert_eq!(post(&sandbox, 0, path, &json!({ "parcelId": 1 })).status, 404, "{path}");
        assert_eq!(post(&sandbox, 0, path, &json!({ "parcelId": 70_001.5 })).status, 400, "{path}");
        assert_eq!(post(&sandbox, 0, path, &json!({})).status, 400, "{path}");
        let stranger = call(&sandbox, &format!("POST /v2/parcels/{path}"), &[], "nonsense");
        assert_eq!(stranger.status, 401, "{path}");
    }
    assert_eq!(get(&sandbox, 0, &foreign.to_string()).status, 403);
    assert_eq!(get(&sandbox, 0, "x").status, 400);
    assert_eq!(post(&sandbox, 0, "pending-inbox-list", &json!({ "mailboxId": 100 })).status, 403);
    assert_eq!(post(&sandbox, 1, "pending-inbox-list", &json!({ "mailboxId": 101 })).status, 200);
    assert_eq!(post(&sandbox, 1, "pending-inbox-list", &json!({ "mailboxId": 7 })).status, 404);
}

#[test]
fn the_inbox_comes_in_pages_with_totals_inside() {
    let sandbox = start();
    let page = |number: u32| post(&sandbox, 0, "inbox-list", &json!({ "pageNo": number, "recordsPerPage": 2 })).data();
    let ids = |data: &Value| -> Vec<Value> {
        let parcels = data["parcels"].as_array().expect("parcels");
        parcels.iter().map(|parcel| parcel["parcelId"].clone()).collect()
    };
    assert_eq!(ids(&page(1)), [70_001, 70_002]);
    assert_eq!(ids(&page(2)), [json!(9_007_199_254_740_993_i64)]);
    assert!(ids(&page(3)).is_empty());
    let first = page(1);
    assert_eq!(first["totalRecords"], 3);
    assert_eq!((&first["pageNo"], &first["recordsPerPage"]), (&json!(1), &json!(2)));
    for bad in [json!({ "pageNo": 0 }), json!({ "recordsPerPage": 501 }), json!({ "status": "Lost" })] {
        assert_eq!(post(&sandbox, 0, "inbox-list", &bad).status, 400, "{bad}");
    }
}

#[test]
fn the_inbox_can_be_filtered() {
    let sandbox = start();
    post(&sandbox, 0, "confirm", &json!({ "parcelId": 70_001 }));
    let count = |filter: Value| post(&sandbox, 0, "inbox-list", &filter).data()["totalRecords"].clone();
    assert_eq!(count(json!({ "status": "InBoxReady" })), 2);
    assert_eq!(count(json!({ "status": "InBoxTransferred" })), 1);
    assert_eq!(count(json!({ "ecGridIdFrom": 20_102, "ecGridIdTo": 20_101 })), 3);
    assert_eq!(count(json!({ "ecGridIdFrom": 20_100 })), 0);
    assert_eq!(count(json!({ "ecGridIdTo": 1 })), 0);
    let created = get(&sandbox, 0, "70001").data()["created"].clone();
    assert_eq!(count(json!({ "beginDate": created, "endDate": created })), 3);
    assert_eq!(count(json!({ "endDate": "2024-01-01" })), 0);
    assert_eq!(count(json!({ "beginDate": "2124-01-01T00:00:00+01:00" })), 0);
    assert_eq!(post(&sandbox, 0, "inbox-list", &json!({ "beginDate": "soon" })).status, 400);
}

#[test]
fn parcels_are_updated_and_found_by_control_id() {
    let sandbox = start();
    let updated = post(&sandbox, 0, "update", &json!({ "parcelId": 70_001, "status": "InBoxArchived" }));
    assert_eq!((updated.status, &updated.data()["status"]), (200, &json!("InBoxArchived")));
    assert_eq!(post(&sandbox, 0, "update", &json!({ "parcelId": 70_001, "status": "Lost" })).status, 400);
    let named = json!({ "parcelID": 70_002, "mailbagControlId": "BAG-1" });
    assert_eq!(post(&sandbox, 0, "set-mailbagcontrolid", &named).data(), json!(true));
    let found = |id: &str| post(&sandbox, 0, "find-mailbagcontrolid", &json!({ "mailbagControlId": id })).data();
    assert_eq!(found("BAG-1")[0]["parcelId"], 70_002);
    assert_eq!(found("BAG-1")[0]["mailbagControlId"], "BAG-1");
    assert_eq!(found("BAG-2"), json!([]));
}

#[test]
fn parcels_arrive_by_themselves() {
    let every = Duration::from_millis(1);
    let sandbox = Sandbox::builder().deliver_every(every).start().expect("started");
    let deadline = Instant::now() + PATIENCE;
    while pending(&sandbox).len() < 6 {
        assert!(Instant::now() < deadline, "they keep coming");
    }
    assert_eq!(pending(&sandbox)[3..6], [994, 995, 996].map(|end| 9_007_199_254_740_000 + end));
}

#[test]
fn a_test_can_deliver() {
    let sandbox = start();
    let id = sandbox.deliver_parcel(101, "mine.txt", b"\x00\xff").expect("an id");
    assert_eq!(get(&sandbox, 0, &id.to_string()).data()["fileName"], "mine.txt");
    assert_eq!(pending(&sandbox).len(), 4);
    assert_eq!(sandbox.deliver_parcel(7, "mine.txt", b""), None);
}
