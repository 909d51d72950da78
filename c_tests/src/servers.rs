//! The sandboxes that a program talks to.

use std::ffi::OsString;

use ecgrid_sandbox::{Certificate, Sandbox};

/// A fresh ECGrid for one program.
pub fn sandbox() -> Result<Sandbox, String> {
    Sandbox::builder().start().map_err(|error| format!("no sandbox: {error}"))
}

/// Where it is, as the programs read it.
pub fn variables(sandbox: &Sandbox) -> Vec<(String, OsString)> {
    vec![
        ("SANDBOX_HTTP".into(), sandbox.http_url().into()),
        ("SANDBOX_HTTPS".into(), sandbox.https_url().into()),
        ("SANDBOX_CA".into(), sandbox.ca_file().into()),
    ]
}

/// Sandboxes whose certificate a client must not accept, with the name of the variable that says where.
pub fn untrustworthy() -> Result<Vec<(&'static str, Sandbox)>, String> {
    let kinds = [
        ("SANDBOX_EXPIRED", Certificate::Expired),
        ("SANDBOX_NOT_YET", Certificate::NotYetValid),
        ("SANDBOX_OTHER_HOST", Certificate::OtherHost),
        ("SANDBOX_OTHER_AUTHORITY", Certificate::OtherAuthority),
        ("SANDBOX_SELF_SIGNED", Certificate::SelfSigned),
    ];
    let start = |(name, kind)| {
        let sandbox = Sandbox::builder().server_certificate(kind).start();
        sandbox.map(|sandbox| (name, sandbox)).map_err(|error| format!("no sandbox: {error}"))
    };
    kinds.into_iter().map(start).collect()
}
