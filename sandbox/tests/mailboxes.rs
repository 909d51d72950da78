//! Mailboxes, and who sees which.

mod common;

use common::{Answer, call, start};
use ecgrid_sandbox::{Sandbox, User};
use serde_json::{Value, json};

const JSMITH: usize = 0;
const ADMIN: usize = 1;

fn get(sandbox: &Sandbox, user: usize, id: &str) -> Answer {
    let key = format!("X-API-Key: {}", sandbox.users()[user].api_key);
    call(sandbox, &format!("GET /v2/mailboxes/{id}"), &[&key], "")
}

fn list(sandbox: &Sandbox, user: usize, body: &Value) -> Answer {
    let key = format!("X-API-Key: {}", sandbox.users()[user].api_key);
    call(sandbox, "POST /v2/mailboxes/list", &[&key], &body.to_string())
}

#[test]
fn a_mailbox_tells_about_itself() {
    let sandbox = start();
    let data = get(&sandbox, JSMITH, "101").data();
    assert_eq!((&data["mailboxId"], &data["networkId"]), (&json!(101), &json!(1)));
    assert_eq!((&data["uniqueId"], &data["ecGridId"]), (&json!("JSMITHCO"), &json!(20_101)));
    for (user, id, status) in
        [(JSMITH, "100", 403), (JSMITH, "7", 403), (ADMIN, "101", 200), (ADMIN, "7", 404), (ADMIN, "x", 400)]
    {
        assert_eq!((get(&sandbox, user, id).status, id), (status, id));
    }
    assert_eq!(call(&sandbox, "GET /v2/mailboxes/101", &[], "").status, 401);
}

#[test]
fn the_list_has_its_totals_beside_it() {
    let sandbox = start();
    let answer = list(&sandbox, ADMIN, &json!({ "recordsPerPage": 2, "pageNo": 2 })).json();
    assert_eq!(
        (&answer["totalRecords"], &answer["pageNo"], &answer["recordsPerPage"]),
        (&json!(3), &json!(2), &json!(2))
    );
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["data"][0]["mailboxId"], 102);
    let own = list(&sandbox, JSMITH, &json!({ "networkId": 0 })).json();
    assert_eq!((&own["totalRecords"], &own["data"][0]["mailboxId"]), (&json!(1), &json!(101)));
    for filter in [json!({ "networkId": 2 }), json!({ "status": "Suspended" })] {
        assert_eq!(list(&sandbox, ADMIN, &filter).data(), json!([]), "{filter}");
    }
    assert_eq!(list(&sandbox, ADMIN, &json!({ "pageNo": "one" })).status, 400);
}

#[test]
fn every_user_has_a_mailbox() {
    let mut user = User::new("x@example.com", "pw", 7);
    (user.mailbox_id, user.network_id) = (555, 2);
    let sandbox = Sandbox::builder().user(user).start().expect("started");
    assert_eq!(get(&sandbox, 2, "555").data()["networkId"], 2);
}
