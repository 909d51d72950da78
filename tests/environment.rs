//! What the environment says. One test alone in its program, as the environment is the process's.

mod common;

use std::ptr::null_mut;

use common::server::{open_proxy, proxy_to};
use common::{Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

const VARIABLES: [&str; 12] = [
    "ECGRID_BASE_URL",
    "ECGRID_API_KEY",
    "ECGRID_CA_FILE",
    "ECGRID_PROXY",
    "ECGRID_TIMEOUT_MS",
    "SSL_CERT_FILE",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// Sets these variables and no others of ours.
fn environment(variables: &[(&str, &str)]) {
    for name in VARIABLES {
        // SAFETY: no other thread of this program looks at the environment.
        unsafe { std::env::remove_var(name) };
    }
    for (name, value) in variables {
        unsafe { std::env::set_var(name, value) };
    }
}

/// Logs in with a client made from the environment.
fn log_in() -> Result<(), (i32, String)> {
    log_in_as(LOGIN)
}

fn log_in_as(login: &str) -> Result<(), (i32, String)> {
    let (mut config, mut error) = (null_mut(), null_mut());
    let status = unsafe { ecgrid_config_from_env(&mut config, &mut error) };
    if status != ECGRID_OK {
        let message = unsafe { common::string(ecgrid_error_message(error)) };
        unsafe { ecgrid_error_free(error) };
        return Err((status, message));
    }
    let failed = |failure: common::Failure| (failure.status, failure.message);
    let client = Config::from_raw(config).max_attempts(1).try_client().map_err(failed)?;
    client.login(login, PASSWORD).map(drop).map_err(failed)
}

#[test]
fn a_client_made_from_the_environment_does_what_it_says() {
    let sandbox = sandbox();
    let (https, ca) = (sandbox.https_url(), sandbox.ca_file().to_str().unwrap().to_owned());
    let http = sandbox.http_url();
    // No resolver knows this name: only through the proxy is there a way.
    let far = "https://ecgrid.test:8443";
    let through = proxy_to(sandbox.https_address());
    let beside = open_proxy();
    let dead = "http://user:canary@127.0.0.1:1";
    let seen = || through.connections();
    let base = [("ECGRID_BASE_URL", https.as_str()), ("ECGRID_CA_FILE", ca.as_str())];
    let with = |more: &[(&str, &str)]| environment(&[&base, more].concat());
    let far_with = |more: &[(&str, &str)]| {
        environment(&[&[("ECGRID_BASE_URL", far), ("ECGRID_CA_FILE", ca.as_str())], more].concat());
    };

    // Trust: the CA file, or the one that stands for the machine's.
    with(&[]);
    assert_eq!(log_in(), Ok(()));
    environment(&[("ECGRID_BASE_URL", &https), ("SSL_CERT_FILE", &ca)]);
    assert_eq!(log_in(), Ok(()));
    environment(&[("ECGRID_BASE_URL", &https)]);
    assert_eq!(log_in().unwrap_err().0, ECGRID_TLS);
    environment(&[("ECGRID_BASE_URL", &https), ("SSL_CERT_FILE", "/nowhere/ca.pem")]);
    let (status, message) = log_in().unwrap_err();
    assert_eq!(status, ECGRID_INVALID_CONFIGURATION);
    assert!(message.contains("SSL_CERT_FILE") && message.contains("/nowhere/ca.pem"), "{message}");

    // The API key.
    sandbox.take_requests();
    with(&[("ECGRID_API_KEY", "key-5678")]);
    assert_eq!(log_in(), Ok(()));
    assert_eq!(sandbox.take_requests()[0].header("X-API-Key"), Some("key-5678"));

    // Which proxy: our own variable, else by scheme, lower case first.
    let open = through.url();
    let port = "8443";
    for (variables, used) in [
        (vec![("ECGRID_PROXY", open.as_str())], true),
        (vec![("ECGRID_PROXY", &open), ("HTTPS_PROXY", dead), ("NO_PROXY", "*")], true),
        (vec![("ECGRID_PROXY", ""), ("HTTPS_PROXY", &open)], false),
        (vec![("HTTPS_PROXY", &open)], true),
        (vec![("https_proxy", &open)], true),
        (vec![("https_proxy", &open), ("HTTPS_PROXY", dead)], true),
        (vec![("HTTPS_PROXY", &open), ("ALL_PROXY", dead)], true),
        (vec![("ALL_PROXY", &open)], true),
        (vec![("all_proxy", &open), ("ALL_PROXY", dead)], true),
        (vec![("HTTPS_PROXY", &open), ("NO_PROXY", "ecgrid.test")], false),
        (vec![("HTTPS_PROXY", &open), ("no_proxy", "example.com, .test")], false),
        (vec![("HTTPS_PROXY", &open), ("NO_PROXY", &format!("ecgrid.test:{port}"))], false),
        (vec![("HTTPS_PROXY", &open), ("NO_PROXY", "ecgrid.test:443")], true),
        (vec![("HTTPS_PROXY", ""), ("ALL_PROXY", "")], false),
    ] {
        let before = seen();
        far_with(&variables);
        match log_in() {
            Ok(()) => assert!(used, "{variables:?}"),
            Err((status, message)) => {
                assert!(!used && status == ECGRID_UNREACHABLE, "{variables:?}: {message}");
                assert!(message.contains("the name ecgrid.test cannot be resolved"), "{variables:?}: {message}");
            }
        }
        assert_eq!(seen() > before, used, "{variables:?}");
    }

    // This machine has no use for everybody's proxy, which would look for "localhost" at its own place.
    for url in [&https, &http] {
        for proxy in [dead, "http://user:canary@proxy.example:3128", "socks5://user:canary@proxy.example"] {
            for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                environment(&[("ECGRID_BASE_URL", url), ("ECGRID_CA_FILE", &ca), (name, proxy)]);
                assert_eq!(log_in(), Ok(()), "{name} for {url}");
            }
        }
        // Our own variable means what it says, as far as that can be.
        let own =
            |proxy: &str| environment(&[("ECGRID_BASE_URL", url), ("ECGRID_CA_FILE", &ca), ("ECGRID_PROXY", proxy)]);
        let before = beside.connections();
        own(&beside.url());
        assert_eq!(log_in(), Ok(()));
        assert_eq!(beside.connections(), before + 1, "{url}");
        own("http://user:canary@proxy.example:3128");
        let (status, message) = log_in().unwrap_err();
        assert_eq!(status, ECGRID_INVALID_CONFIGURATION, "{message}");
        assert!(message.starts_with("the proxy proxy.example:3128 (ECGRID_PROXY) "), "{message}");
        assert!(!message.contains("canary"), "{message}");
    }

    // A proxy that is dead or not understood is never bypassed, nor its password shown; and its variable is named.
    for (name, url, expected) in [
        ("HTTPS_PROXY", dead, ECGRID_UNREACHABLE),
        ("https_proxy", dead, ECGRID_UNREACHABLE),
        ("all_proxy", dead, ECGRID_UNREACHABLE),
        ("ECGRID_PROXY", dead, ECGRID_UNREACHABLE),
        ("ALL_PROXY", "socks5://user:canary@127.0.0.1:1080", ECGRID_INVALID_CONFIGURATION),
        ("HTTPS_PROXY", "http://user:canary@", ECGRID_INVALID_CONFIGURATION),
        ("ECGRID_PROXY", "https://user:canary@127.0.0.1", ECGRID_INVALID_CONFIGURATION),
        ("https_proxy", "http://user:canary@a b", ECGRID_INVALID_CONFIGURATION),
        ("https_proxy", "http://user:canary@a\tb", ECGRID_INVALID_CONFIGURATION),
    ] {
        let before = sandbox.connection_count();
        far_with(&[(name, url)]);
        let (status, message) = log_in().unwrap_err();
        assert_eq!(status, expected, "{message}");
        assert!(message.contains(name) && !message.contains("canary"), "{name}: {message}");
        assert_eq!(sandbox.connection_count(), before, "{name}={url}");
    }

    // What turns out not to work names the variable it came from, and none that was not read.
    for (name, value) in [
        ("ECGRID_BASE_URL", "gopher://ecgrid"),
        ("ECGRID_BASE_URL", "http://rest.ecgrid.io"),
        ("ECGRID_CA_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
    ] {
        environment(&[("ECGRID_BASE_URL", &https), (name, value)]);
        let (status, message) = log_in().unwrap_err();
        assert_eq!(status, ECGRID_INVALID_CONFIGURATION, "{message}");
        assert!(message.contains(&format!("({name})")) && message.contains(value), "{name}: {message}");
        for other in VARIABLES.iter().filter(|&&other| other != name) {
            assert!(!message.contains(other), "{name}: {message}");
        }
    }
    environment(&[("ECGRID_BASE_URL", &https)]);
    let (_, message) = log_in().unwrap_err();
    assert!(message.contains("name its file as the CA file (ECGRID_CA_FILE)"), "{message}");
    let failure = Config::new(&https).max_attempts(1).client().failure_as("any");
    assert!(failure.message.ends_with("name its file as the CA file"), "{failure:?}");

    // So does what a server or its silence says of a setting: the base URL, the API key, the timeout.
    for (login, more, said) in [
        ("html-200", vec![], "is the base URL (ECGRID_BASE_URL) right?"),
        ("redirect", vec![], "is the base URL (ECGRID_BASE_URL) right?"),
        ("fault-404", vec![], "is the base URL (ECGRID_BASE_URL) right?"),
        ("huge", vec![], "is the base URL (ECGRID_BASE_URL) right?"),
        ("invalid-api-key", vec![("ECGRID_API_KEY", "key-5678")], "the API key (ECGRID_API_KEY) is wrong"),
        ("hang", vec![("ECGRID_TIMEOUT_MS", "200")], "the timeout (ECGRID_TIMEOUT_MS) of 200 ms passed"),
    ] {
        with(&more);
        let (_, message) = log_in_as(&format!("{login}@example.com")).unwrap_err();
        assert!(message.contains(said), "{message}");
        let own = Config::secure(&sandbox).api_key("key-5678").timeout(200).max_attempts(1).client();
        let failure = own.login(&format!("{login}@example.com"), "any").unwrap_err();
        assert!(!failure.message.contains("ECGRID_"), "{failure:?}");
    }
    environment(&[("ECGRID_BASE_URL", "https://ecgrid.test")]);
    let (_, message) = log_in().unwrap_err();
    assert!(message.ends_with("is the network up, and the base URL (ECGRID_BASE_URL) right?"), "{message}");

    // What makes no sense names its variable.
    for (name, value) in [
        ("ECGRID_TIMEOUT_MS", "soon"),
        ("ECGRID_TIMEOUT_MS", "0"),
        ("ECGRID_TIMEOUT_MS", "-1"),
        ("ECGRID_TIMEOUT_MS", "99999999999999999999"),
        ("ECGRID_API_KEY", "with\nbreak"),
        ("ECGRID_API_KEY", "ü"),
        ("ECGRID_BASE_URL", "https://a\tb"),
        ("ECGRID_PROXY", "http://a\r\nb"),
    ] {
        with(&[(name, value)]);
        let (status, message) = log_in().unwrap_err();
        assert_eq!(status, ECGRID_INVALID_CONFIGURATION, "{name}={value}");
        assert!(message.contains(name), "{message}");
    }

    // Empty is the same as not set; a client keeps what it was made from.
    with(&[("ECGRID_TIMEOUT_MS", ""), ("ECGRID_API_KEY", "")]);
    assert_eq!(log_in(), Ok(()));
    let client = Config::secure(&sandbox).client();
    environment(&[("HTTPS_PROXY", dead), ("SSL_CERT_FILE", "/nowhere")]);
    client.login(LOGIN, PASSWORD).unwrap();
    // ecgrid_config_new looks at none of it.
    Config::secure(&sandbox).client().login(LOGIN, PASSWORD).unwrap();
}
