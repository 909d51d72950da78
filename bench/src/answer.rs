//! The answers that nginx serves, and its configuration.

use std::path::Path;

use crate::parcels;

/// An envelope as ECGrid's, with a JWT of usual size (HS256, nine claims). Signed by nobody; nobody checks.
/// It outlives every run by decades, so that no session here is ever due to refresh it.
pub const BODY: &str = concat!(
    r#"{"success":true,"data":{"token":""#,
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
    "eyJzdWIiOiI0ODIxIiwibmFtZSI6ImJlbmNoQGV4YW1wbGUuY29tIiwibmV0d29ya0lkIjoiMTI0IiwibWFpbGJveElkIjoiMzIxIiwiYXV0",
    "aExldmVsIjoiTWFpbGJveEFkbWluIiwianRpIjoiMmM5YjQ3ZDEtNmUwZi00YjNhLTlmMzgtN2QxYzBlNWE4ODQyIiwiaXNzIjoiaHR0cHM6",
    "Ly9yZXN0LmVjZ3JpZC5pbyIsImF1ZCI6ImVjZ3JpZCIsImV4cCI6NDEwMjQ0NDgwMH0.",
    "c2lnbmVkLWJ5LW5vYm9keS1jaGVja2VkLWJ5LW5vYm9",
    r#"","expiresAt":"2100-01-01T00:00:00Z","userId":4821},"errorCode":"","message":""}"#
);

/// Who the token belongs to, with the members that ECGrid's answer has.
pub const USER: &str = concat!(
    r#"{"success":true,"data":{"userId":4821,"login":"bench@example.com","email":"bench@example.com","#,
    r#""firstName":"Bench","lastName":"Example","networkId":124,"mailboxId":321,"authLevel":"MailboxAdmin","#,
    r#""status":"Active","created":"2021-03-04T05:06:07Z"},"errorCode":"","message":""}"#
);

/// That of the login answer.
fn token() -> &'static str {
    let rest = BODY.split_once(r#""token":""#).map_or("", |(_, rest)| rest);
    rest.split_once('"').map_or("", |(token, _)| token)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    pub http: u16,
    pub https: u16,
    /// TLS, and `Connection: close` with every answer.
    pub closing: u16,
    /// The same, writing down whether a session was resumed.
    pub logged: u16,
    pub status: u16,
}

impl Ports {
    pub fn of(five: [u16; 5]) -> Self {
        let [http, https, closing, logged, status] = five;
        Self { http, https, closing, logged, status }
    }
}

/// One process, so that one signal ends it all, and everything it writes in `folder`.
pub fn configuration(folder: &Path, ports: Ports, ipv6: bool) -> String {
    let listen = |port: u16, tls: &str| {
        let six = if ipv6 { format!(" listen [::1]:{port}{tls};") } else { String::new() };
        format!("listen 127.0.0.1:{port}{tls};{six}")
    };
    let login = "location = /v2/auth/login { return 200 $login_answer; }";
    // A contestant that sent anything else would save its bytes.
    let guard = format!(r#"if ($http_authorization != "Bearer {}") {{ return 401; }}"#, token());
    let user = format!("location = /v2/users/me {{ {guard} return 200 $user_answer; }}");
    let (settings, large) = (parcels::settings(), parcels::locations(folder, &guard));
    let folder = folder.display();
    let (http, https) = (listen(ports.http, ""), listen(ports.https, " ssl"));
    let (closing, logged) = (listen(ports.closing, " ssl"), listen(ports.logged, " ssl"));
    let status = listen(ports.status, "");
    format!(
        r#"daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_rlimit_nofile 4096;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/t1;
    proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    default_type "application/json; charset=utf-8";
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets on;
    log_format resumption "$ssl_protocol $ssl_session_reused";
    map "" $login_answer {{ default '{BODY}'; }}
    map "" $user_answer {{ default '{USER}'; }}
    {settings}
    server {{ {http} {login} {user}
        {large} }}
    server {{ {https} {login} {user}
        {large} }}
    server {{ {closing} keepalive_timeout 0; {login} }}
    server {{ {logged} keepalive_timeout 0; access_log {folder}/resumption.log resumption; {login} }}
    server {{ {status} keepalive_timeout 0; location = /status {{ stub_status; }} }}
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_are_json_that_nginx_can_quote() {
        let json: serde_json::Value = serde_json::from_str(BODY).unwrap();
        assert_eq!(json["data"]["userId"], 4821);
        let token = json["data"]["token"].as_str().unwrap();
        assert_eq!(token, super::token());
        assert_eq!(token.split('.').count(), 3);
        assert!((350..600).contains(&token.len()), "{}", token.len());
        let user: serde_json::Value = serde_json::from_str(USER).unwrap();
        assert_eq!(user["data"]["userId"], json["data"]["userId"]);
        for answer in [BODY, USER] {
            assert!(!answer.contains(['\'', '$', '\\']));
        }
    }

    #[test]
    fn only_loopback_is_listened_on() {
        let ports = Ports::of([1, 2, 3, 4, 5]);
        for ipv6 in [false, true] {
            let text = configuration(Path::new("/f"), ports, ipv6);
            let words: Vec<&str> = text.split_whitespace().collect();
            let listened = words.windows(2).filter(|pair| pair[0] == "listen").map(|pair| pair[1]);
            let addresses: Vec<&str> = listened.collect();
            assert_eq!(addresses.len(), if ipv6 { 10 } else { 5 });
            assert!(addresses.iter().all(|one| one.starts_with("127.0.0.1:") || one.starts_with("[::1]:")));
        }
    }
}
