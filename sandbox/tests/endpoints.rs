//! What each endpoint answers.

mod common;

use common::{LOGIN, bearer, call, start};
use ecgrid_sandbox::{AuthLevel, Sandbox, User};
use serde_json::{Value, json};

fn jsmith(sandbox: &Sandbox) -> String {
    let answer = call(sandbox, "POST /v2/auth/login", &[], LOGIN);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.data()["token"].as_str().expect("a token").to_owned()
}

fn admin(sandbox: &Sandbox) -> String {
    format!("X-API-Key: {}", sandbox.users()[1].api_key)
}

#[test]
fn login_answers_as_documented() {
    let sandbox = start();
    let answer = call(&sandbox, "POST /v2/auth/login", &[], LOGIN);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert!(answer.header("Date").is_some());
    let body = answer.json();
    assert_eq!(body["success"], true);
    assert_eq!(body["errorCode"], "");
    assert_eq!(body["message"], "");
    assert_eq!(body["data"]["userId"], 4821);
    let expires = body["data"]["expiresAt"].as_str().expect("a time");
    assert!(expires.len() == 20 && expires.ends_with('Z'), "{expires}");
    assert_eq!((sandbox.logins(), sandbox.live_sessions()), (1, 1));
}

#[test]
fn the_token_is_a_signed_jwt() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let sandbox = start();
    let token = jsmith(&sandbox);
    let (signed, tag) = token.rsplit_once('.').expect("three parts");
    let tag = URL_SAFE_NO_PAD.decode(tag).expect("base64");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &sandbox.jwt_secret());
    ring::hmac::verify(&key, signed.as_bytes(), &tag).expect("a good signature");
    let claims = signed.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["sub"], "4821");
    assert!(claims["jti"].is_string());
    let lifetime = claims["exp"].as_i64().zip(claims["iat"].as_i64());
    assert_eq!(lifetime.map(|(exp, iat)| exp - iat), Some(3600));
}

#[test]
fn a_wrong_login_is_refused() {
    let sandbox = start();
    for body in [
        r#"{"login":"jsmith@example.com","password":"wrong"}"#,
        r#"{"login":"nobody@example.com","password":"Sup3r$ecret!"}"#,
    ] {
        let answer = call(&sandbox, "POST /v2/auth/login", &[], body);
        assert_eq!(answer.status, 401);
        let json = answer.json();
        assert_eq!(json["success"], false);
        assert_eq!(json["errorCode"], "InvalidSession");
        assert_eq!(json["data"], Value::Null);
        assert!(json["message"].is_string());
    }
    assert_eq!(sandbox.logins(), 0);
}

#[test]
fn a_bad_body_is_refused() {
    let sandbox = start();
    for body in [
        "",
        "{",
        "[]",
        "\"text\"",
        r#"{"login":"jsmith@example.com"}"#,
        r#"{"login":"jsmith@example.com","password":""}"#,
        r#"{"login":"jsmith@example.com","password":null}"#,
        r#"{"email":"jsmith@example.com","password":"Sup3r$ecret!"}"#,
    ] {
        let answer = call(&sandbox, "POST /v2/auth/login", &[], body);
        assert_eq!((answer.status, body), (400, body));
        assert_eq!(answer.error_code(), "InvalidParameter");
    }
}

#[test]
fn refresh_replaces_the_token_at_once() {
    let sandbox = start();
    let old = jsmith(&sandbox);
    let body = json!({ "token": old }).to_string();
    let answer = call(&sandbox, "POST /v2/auth/refresh", &[&bearer(&old)], &body);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.data()["userId"], 4821);
    let new = answer.data()["token"].as_str().expect("token").to_owned();
    assert_ne!(old, new);
    for (token, status) in [(&old, 401), (&new, 200)] {
        let answer = call(&sandbox, "POST /v2/auth/session", &[&bearer(token)], "");
        assert_eq!(answer.status, status);
    }
    let again = call(&sandbox, "POST /v2/auth/refresh", &[], &body);
    assert_eq!((again.status, again.error_code().as_str()), (401, "InvalidSession"));
    assert_eq!((sandbox.refreshes(), sandbox.live_sessions()), (1, 1));
}

#[test]
fn logout_ends_the_session_and_no_key() {
    let sandbox = start();
    let token = bearer(&jsmith(&sandbox));
    let answer = call(&sandbox, "POST /v2/auth/logout", &[&token], "");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["message"], "Session terminated.");
    assert_eq!(answer.data(), Value::Null);
    let again = call(&sandbox, "POST /v2/auth/logout", &[&token], "");
    assert_eq!((again.status, again.error_code().as_str()), (401, "InvalidSession"));
    for _ in 0..2 {
        let answer = call(&sandbox, "POST /v2/auth/logout", &[&admin(&sandbox)], "");
        assert_eq!(answer.status, 200);
    }
}

#[test]
fn session_tells_whose_it_is() {
    let sandbox = start();
    let login = call(&sandbox, "POST /v2/auth/login", &[], LOGIN).data();
    let token = bearer(login["token"].as_str().expect("token"));
    let data = call(&sandbox, "POST /v2/auth/session", &[&token], "").data();
    let expected = json!({
        "userId": 4821, "login": "jsmith@example.com", "networkId": 1, "mailboxId": 101,
        "authLevel": "MailboxAdmin", "expiresAt": login["expiresAt"],
    });
    assert_eq!(data, expected);
    let data = call(&sandbox, "POST /v2/auth/session", &[&admin(&sandbox)], "").data();
    assert_eq!(data["authLevel"], "NetworkAdmin");
    assert_eq!(data["expiresAt"], Value::Null);
}

#[test]
fn password_change_keeps_to_the_policy() {
    let sandbox = start();
    let token = bearer(&jsmith(&sandbox));
    let change = |current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new }).to_string();
        call(&sandbox, "PUT /v2/auth/password", &[&token], &body).status
    };
    for weak in ["UPPER1!", "lower1!", "NoDigit!", "NoOther1"] {
        assert_eq!((change("Sup3r$ecret!", weak), weak), (400, weak));
    }
    assert_eq!(change("wrong", "G00d enough"), 400);
    assert_eq!(change("Sup3r$ecret!", "G00d enough"), 200);
    let old = call(&sandbox, "POST /v2/auth/login", &[], LOGIN);
    assert_eq!(old.status, 401);
    let body = r#"{"login":"jsmith@example.com","password":"G00d enough"}"#;
    assert_eq!(call(&sandbox, "POST /v2/auth/login", &[], body).status, 200);
    let still = call(&sandbox, "POST /v2/auth/session", &[&token], "");
    assert_eq!(still.status, 200, "a change does not end sessions");
    let none = call(&sandbox, "PUT /v2/auth/password", &[], "{}");
    assert_eq!(none.status, 401);
}

#[test]
fn version_needs_no_credential() {
    let sandbox = start();
    let answer = call(&sandbox, "GET /v2/auth/version", &[], "");
    assert_eq!(answer.data(), json!({ "version": "2.6" }));
}

#[test]
fn me_tells_the_profile() {
    let sandbox = start();
    let token = bearer(&jsmith(&sandbox));
    let data = call(&sandbox, "GET /v2/users/me?fields=all", &[&token], "").data();
    assert_eq!(data["userId"], 4821);
    assert_eq!(data["email"], "jsmith@example.com");
    assert_eq!(data["status"], "Active");
    for name in ["firstName", "lastName", "networkId", "mailboxId", "created"] {
        assert!(!data[name].is_null(), "{name}");
    }
}

#[test]
fn a_new_key_kills_the_old_one() {
    let sandbox = start();
    let old = format!("x-api-key: {}", sandbox.users()[0].api_key);
    let answer = call(&sandbox, "POST /v2/users/key-generate/4821", &[&old], "");
    assert_eq!(answer.status, 200);
    let new = format!("x-api-key: {}", answer.data().as_str().expect("a key"));
    let refused = call(&sandbox, "GET /v2/users/me", &[&old], "");
    assert_eq!((refused.status, refused.error_code().as_str()), (401, "InvalidAPIKey"));
    assert_eq!(call(&sandbox, "GET /v2/users/me", &[&new], "").status, 200);
    let of_another = call(&sandbox, "POST /v2/users/key-generate/4800", &[&new], "");
    assert_eq!((of_another.status, of_another.error_code().as_str()), (403, "AccessDenied"));
}

#[test]
fn reading_keys_takes_a_network_admin() {
    let sandbox = start();
    let token = bearer(&jsmith(&sandbox));
    let refused = call(&sandbox, "GET /v2/users/key/4821", &[&token], "");
    assert_eq!((refused.status, refused.error_code().as_str()), (403, "AccessDenied"));
    let key = call(&sandbox, "GET /v2/users/key/4821", &[&admin(&sandbox)], "").data();
    assert_eq!(key, json!(sandbox.users()[0].api_key));
    let unknown = call(&sandbox, "GET /v2/users/key/1", &[&admin(&sandbox)], "");
    assert_eq!((unknown.status, unknown.error_code().as_str()), (404, "ObjectNotFound"));
    let no_number = call(&sandbox, "GET /v2/users/key/x", &[&admin(&sandbox)], "");
    assert_eq!(no_number.status, 400);
}

#[test]
fn reset_ends_all_sessions_of_a_user() {
    let sandbox = start();
    let tokens = [jsmith(&sandbox), jsmith(&sandbox)];
    let answer = call(&sandbox, "POST /v2/users/reset/4821", &[&admin(&sandbox)], "");
    assert_eq!((answer.status, answer.data()), (200, json!(true)));
    for token in tokens {
        assert_eq!(call(&sandbox, "GET /v2/users/me", &[&bearer(&token)], "").status, 401);
    }
    assert_eq!(sandbox.live_sessions(), 0);
}

#[test]
fn bad_credentials_are_told_apart() {
    let sandbox = start();
    for (header, code) in [
        ("Accept: */*", "InvalidSession"),
        ("Authorization: Bearer nonsense", "InvalidSession"),
        ("Authorization: Basic eDp5", "InvalidSession"),
        ("X-API-Key: nonsense", "InvalidAPIKey"),
    ] {
        let answer = call(&sandbox, "GET /v2/users/me", &[header], "");
        assert_eq!((answer.status, answer.error_code().as_str()), (401, code), "{header}");
    }
}

#[test]
fn unknown_paths_and_wrong_methods() {
    let sandbox = start();
    let unknown = call(&sandbox, "GET /v2/nothing", &[], "");
    assert_eq!((unknown.status, unknown.error_code().as_str()), (404, "ObjectNotFound"));
    let wrong = call(&sandbox, "GET /v2/auth/login", &[], "");
    assert_eq!((wrong.status, wrong.header("Allow")), (405, Some("POST")));
    assert_eq!(wrong.json()["success"], false);
}

#[test]
fn tokens_expire() {
    let builder = Sandbox::builder().token_lifetime(std::time::Duration::ZERO);
    let sandbox = builder.start().expect("started");
    let token = bearer(&jsmith(&sandbox));
    assert_eq!(call(&sandbox, "GET /v2/users/me", &[&token], "").status, 401);
    assert_eq!(sandbox.live_sessions(), 0);
}

#[test]
fn sessions_may_be_limited() {
    let sandbox = Sandbox::builder().max_sessions(2).start().expect("started");
    let token = jsmith(&sandbox);
    jsmith(&sandbox);
    let third = call(&sandbox, "POST /v2/auth/login", &[], LOGIN);
    assert_eq!((third.status, third.error_code().as_str()), (403, "AccessDenied"));
    let body = json!({ "token": token }).to_string();
    assert_eq!(call(&sandbox, "POST /v2/auth/refresh", &[], &body).status, 200);
    assert_eq!(sandbox.revoke_all_tokens(), 2);
    jsmith(&sandbox);
}

#[test]
fn users_are_added_and_replaced() {
    let mut operator = User::new("ops@example.com", "pw", 7);
    operator.auth_level = AuthLevel::NetOps;
    let replaced = User::new("jsmith@example.com", "other", 5000);
    let builder = Sandbox::builder().user(operator).user(replaced);
    let sandbox = builder.start().expect("started");
    let body = r#"{"login":"ops@example.com","password":"pw"}"#;
    assert_eq!(call(&sandbox, "POST /v2/auth/login", &[], body).data()["userId"], 7);
    assert_eq!(call(&sandbox, "POST /v2/auth/login", &[], LOGIN).status, 401);
    let twice = User::new("twin@example.com", "pw", 4800);
    let refused = Sandbox::builder().user(twice).start().expect_err("the id is taken");
    assert!(refused.to_string().contains("4800"), "{refused}");
}

#[test]
fn the_handle_changes_what_is_known() {
    let sandbox = start();
    let token = jsmith(&sandbox);
    assert!(sandbox.revoke_token(&token));
    assert!(!sandbox.revoke_token(&token));
    assert_eq!(call(&sandbox, "GET /v2/users/me", &[&bearer(&token)], "").status, 401);
    assert!(sandbox.set_user_password("jsmith@example.com", "x"));
    assert!(!sandbox.set_user_password("nobody@example.com", "x"));
    assert_eq!(call(&sandbox, "POST /v2/auth/login", &[], LOGIN).status, 401);
}
