//! The 119 endpoints of the REST API v2.6, and whether each changes something: what only reads may be sent again.
//!
//! The source is ECGrid's reference, one page an endpoint: what a page says first of its endpoint is summed up in the
//! last column. Where pages leave it open, an endpoint counts as one that changes something.

use Effect::{Changes, Reads};
use Method::{Delete, Get, Post, Put};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Get,
    Post,
    Put,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Effect {
    Reads,
    Changes,
}

/// Method, path, effect and the reason for that.
type Endpoint = (Method, &'static str, Effect, &'static str);

/// Only what is picked from it below is in the library.
#[rustfmt::skip]
const ENDPOINTS: [Endpoint; 119] = [
    (Put, "/v2/auth/password", Changes, "sets a password"),
    (Post, "/v2/auth/login", Changes, "opens a session, of which an account has few"),
    (Post, "/v2/auth/logout", Changes, "ends the session"),
    (Post, "/v2/auth/refresh", Changes, "the old token is dead"),
    (Post, "/v2/auth/session", Reads, "tells of the session"),
    (Get, "/v2/auth/version", Reads, "tells the version"),
    (Post, "/v2/callbacks/create", Changes, "a second one would be another"),
    (Delete, "/v2/callbacks", Changes, "deletes"),
    (Post, "/v2/callbacks/event-list", Reads, "lists"),
    (Post, "/v2/callbacks/get-event-by-id", Reads, "returns one event"),
    (Get, "/v2/callbacks/get-queue-by-id?callbackId={callbackId}", Reads, "returns one entry"),
    (Post, "/v2/callbacks/queue-list", Reads, "lists"),
    (Post, "/v2/callbacks/test", Changes, "sends a POST to the program's own server"),
    (Post, "/v2/callbacks/update", Changes, "updates"),
    (Post, "/v2/carboncopies/create", Changes, "a second one would be another"),
    (Delete, "/v2/carboncopies/{id}", Changes, "deletes"),
    (Get, "/v2/carboncopies/{id}", Reads, "returns one rule"),
    (Post, "/v2/carboncopies/list", Reads, "lists"),
    (Put, "/v2/carboncopies/update", Changes, "updates"),
    (Post, "/v2/certificates/add-private", Changes, "adds"),
    (Post, "/v2/certificates/add-public", Changes, "adds"),
    (Post, "/v2/certificates/create", Changes, "a second one would be another"),
    (Post, "/v2/certificates/renew", Changes, "a second one would be another"),
    (Post, "/v2/certificates/terminate", Changes, "ends one"),
    (Post, "/v2/comms/pair", Reads, "returns the path between two ids"),
    (Post, "/v2/comms/create", Changes, "a second one would be another"),
    (Post, "/v2/comms/find", Reads, "searches"),
    (Get, "/v2/comms/{id}", Reads, "returns one channel"),
    (Post, "/v2/comms/list", Reads, "lists"),
    (Post, "/v2/comms/set-pair", Changes, "sets"),
    (Put, "/v2/comms/update", Changes, "updates"),
    (Put, "/v2/comms/update-config", Changes, "updates"),
    (Post, "/v2/ids/tp-add-van", Changes, "adds"),
    (Post, "/v2/ids", Changes, "a second one would be another"),
    (Delete, "/v2/ids/{id}", Changes, "deletes"),
    (Post, "/v2/ids/find", Reads, "searches"),
    (Get, "/v2/ids/{id}", Reads, "returns one id"),
    (Post, "/v2/ids/tp-get-mailbox-default", Reads, "returns a mailbox"),
    (Post, "/v2/ids/list", Reads, "lists"),
    (Post, "/v2/ids/tp-move", Changes, "moves"),
    (Post, "/v2/ids/update-config", Changes, "updates"),
    (Post, "/v2/ids/tp-update-data-email", Changes, "updates"),
    (Post, "/v2/ids/tp-update-description", Changes, "updates"),
    (Put, "/v2/ids/{id}", Changes, "updates"),
    (Post, "/v2/ids/tp-x12-delimiters", Changes, "sets"),
    (Post, "/v2/interchanges/cancel/{id}", Changes, "cancels"),
    (Post, "/v2/interchanges/get-date", Reads, "reads a header that is sent along"),
    (Post, "/v2/interchanges/get-header", Reads, "reads a header that is sent along"),
    (Get, "/v2/interchanges/{id}", Reads, "returns one interchange"),
    (Get, "/v2/interchanges/get-manifest/{id}", Reads, "returns its parts"),
    (Post, "/v2/interchanges/inbox-list", Reads, "lists"),
    (Post, "/v2/interchanges/outbox-list", Reads, "lists"),
    (Post, "/v2/interchanges/resend/{id}", Changes, "the partner gets it once more each time"),
    (Post, "/v2/keys/create", Changes, "a second one would be another"),
    (Delete, "/v2/keys", Changes, "deletes"),
    (Post, "/v2/keys/get-key", Reads, "returns the key there is"),
    (Post, "/v2/keys/list", Reads, "lists"),
    (Post, "/v2/mailboxes/create", Changes, "a second one would be another"),
    (Delete, "/v2/mailboxes/{id}", Changes, "deletes"),
    (Get, "/v2/mailboxes/{id}", Reads, "returns one mailbox"),
    (Post, "/v2/mailboxes/list", Reads, "lists"),
    (Post, "/v2/mailboxes/update-config", Changes, "updates"),
    (Post, "/v2/mailboxes/update", Changes, "updates"),
    (Post, "/v2/mailboxes/x12-delimiters", Changes, "sets"),
    (Post, "/v2/networks/get-contact", Reads, "returns one contact"),
    (Get, "/v2/networks/{id}", Reads, "returns one network"),
    (Post, "/v2/networks/list", Reads, "lists"),
    (Post, "/v2/networks/update-config", Changes, "updates"),
    (Put, "/v2/networks", Changes, "updates"),
    (Post, "/v2/networks/x12-delimiters", Changes, "sets"),
    (Post, "/v2/parcels/acknowledgment-note", Changes, "a second note would be another"),
    (Post, "/v2/parcels/cancel/{id}", Changes, "cancels"),
    (Post, "/v2/parcels/confirm", Changes, "moves the parcel on"),
    (Post, "/v2/parcels/download", Changes, "may move the parcel on: its status pages disagree"),
    (Post, "/v2/parcels/find-mailbagcontrolid", Reads, "searches"),
    (Get, "/v2/parcels/manifest/{id}", Reads, "returns its interchanges"),
    (Get, "/v2/parcels/{id}", Reads, "returns one parcel"),
    (Post, "/v2/parcels/inbox-list", Reads, "lists"),
    (Post, "/v2/parcels/outbox-list", Reads, "lists"),
    (Post, "/v2/parcels/pending-inbox-list", Reads, "lists; a parcel stays pending until it is downloaded or confirmed"),
    (Post, "/v2/parcels/reset-to-inbox/{id}", Changes, "the parcel is pending once more"),
    (Post, "/v2/parcels/send-test-file", Changes, "sends one more each time"),
    (Post, "/v2/parcels/set-mailbagcontrolid", Changes, "sets"),
    (Post, "/v2/parcels/update", Changes, "updates"),
    (Post, "/v2/parcels/upload", Changes, "a second one would be another"),
    (Post, "/v2/partners/note", Changes, "a second note would be another"),
    (Post, "/v2/partners/count", Reads, "counts"),
    (Post, "/v2/partners", Changes, "a second one would be another"),
    (Delete, "/v2/partners/{id}", Changes, "deletes"),
    (Get, "/v2/partners/{id}", Reads, "returns one partner"),
    (Post, "/v2/partners/notelist", Reads, "lists"),
    (Post, "/v2/partners/list", Reads, "lists"),
    (Post, "/v2/portals/create", Changes, "a second one would be another"),
    (Get, "/v2/portals/by-mailbox/{mailboxId}", Reads, "returns one portal"),
    (Post, "/v2/reports/instant-stats", Reads, "counts"),
    (Post, "/v2/reports/interchange-stats", Reads, "counts"),
    (Get, "/v2/reports/mailbox-interchange-stats", Reads, "counts"),
    (Get, "/v2/reports/mailbox-stats", Reads, "counts"),
    (Post, "/v2/reports/monthly", Reads, "makes a report of what is there and returns it"),
    (Post, "/v2/reports/bydate", Reads, "makes a report of what is there and returns it"),
    (Get, "/v2/reports/{ShowInactive}", Reads, "lists"),
    (Post, "/v2/reports/traffic-stats", Reads, "counts"),
    (Get, "/v2/status-lists", Reads, "lists"),
    (Post, "/v2/users", Changes, "a second one would be another"),
    (Post, "/v2/users/key-generate/{id}", Changes, "the old key is dead"),
    (Post, "/v2/users/generate-password", Reads, "makes one up; update-password would set it"),
    (Get, "/v2/users/key/{id}", Reads, "returns the key there is"),
    (Post, "/v2/users/by-name", Reads, "searches"),
    (Get, "/v2/users/me", Reads, "returns the account"),
    (Get, "/v2/users/{id}", Reads, "returns one account"),
    (Post, "/v2/users/list", Reads, "lists"),
    (Post, "/v2/users/reset/{id}", Changes, "ends sessions, also those opened since"),
    (Post, "/v2/users/send-sms", Changes, "sends one more each time"),
    (Post, "/v2/users/set-network-mailbox", Changes, "sets"),
    (Post, "/v2/users/role", Changes, "sets"),
    (Delete, "/v2/users/{id}", Changes, "ends an account"),
    (Post, "/v2/users/update-config", Changes, "updates"),
    (Post, "/v2/users/password", Changes, "sets a password"),
    (Put, "/v2/users", Changes, "updates"),
];

/// The POSTs that read. None of their paths has a parameter in it.
static READING_POSTS: [&str; count()] = pick();

const fn is_reading_post(endpoint: &Endpoint) -> bool {
    matches!(endpoint, (Post, _, Reads, _))
}

const fn count() -> usize {
    let (mut at, mut count) = (0, 0);
    while at < ENDPOINTS.len() {
        count += is_reading_post(&ENDPOINTS[at]) as usize;
        at += 1;
    }
    count
}

const fn pick() -> [&'static str; count()] {
    let mut picked = [""; count()];
    let (mut at, mut count) = (0, 0);
    while at < ENDPOINTS.len() {
        if is_reading_post(&ENDPOINTS[at]) {
            picked[count] = ENDPOINTS[at].1;
            count += 1;
        }
        at += 1;
    }
    picked
}

/// Whether a call changes nothing, so that sending it twice does no harm: every GET, and a POST whose path is one of
/// those, byte for byte. What a query or another spelling may mean to a server is not known.
pub fn only_reads(method: &str, path: &str) -> bool {
    match method {
        "GET" => true,
        "POST" => READING_POSTS.contains(&path),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_endpoint_of_the_reference_in_its_order() {
        let reference: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/data/endpoints.json")).unwrap();
        let endpoints = reference["endpoints"].as_array().unwrap();
        assert_eq!(endpoints.len(), ENDPOINTS.len());
        for (endpoint, (method, path, _, why)) in endpoints.iter().zip(ENDPOINTS) {
            assert_eq!(endpoint["method"], format!("{method:?}").to_uppercase(), "{path}");
            assert_eq!(endpoint["path"], path);
            assert!(!why.is_empty(), "{path}");
        }
    }

    #[test]
    fn a_call_is_safe_if_the_table_says_that_it_only_reads() {
        for (method, path, effect, _) in ENDPOINTS {
            let name = format!("{method:?}").to_uppercase();
            let filled = path.replace(['{', '}'], "");
            assert_eq!(only_reads(&name, &filled), effect == Reads, "{name} {path}");
            // By no other method.
            for other in ["PUT", "PATCH", "DELETE", "post", ""] {
                assert!(!only_reads(other, &filled), "{other} {path}");
            }
        }
    }

    #[test]
    fn what_moves_a_parcel_or_may_do_so_is_not_safe_and_the_lists_are() {
        for (path, is_safe) in [
            ("/v2/parcels/pending-inbox-list", true),
            ("/v2/parcels/inbox-list", true),
            ("/v2/auth/session", true),
            ("/v2/parcels/download", false),
            ("/v2/parcels/confirm", false),
            ("/v2/parcels/upload", false),
            ("/v2/parcels/reset-to-inbox/7", false),
            ("/v2/interchanges/resend/7", false),
            ("/v2/auth/login", false),
            ("/v2/auth/refresh", false),
            ("/v2/users/key-generate/7", false),
        ] {
            assert_eq!(only_reads("POST", path), is_safe, "{path}");
        }
    }

    #[test]
    fn when_in_doubt_a_post_is_not_safe() {
        for path in READING_POSTS {
            assert!(!path.contains(['{', '?', '%']), "{path}");
            for doubtful in [
                format!("{path}/"),
                format!("{path}?"),
                format!("{path}?confirm=true"),
                format!("{path}/7"),
                path.replace("/v2/", "/v2//"),
                path.replacen("s", "%73", 1),
                path.to_uppercase(),
                path[..path.len() - 1].to_owned(),
                String::new(),
            ] {
                assert!(!only_reads("POST", &doubtful), "{doubtful}");
            }
        }
    }
}
