//! The log: which events a function gets, in which words, and when.

mod common;

use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use common::server::{Server, answer};
use common::{Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

/// What the function got.
#[derive(Default)]
struct Heard {
    lines: Mutex<Vec<(i32, String)>>,
    released: AtomicUsize,
}

impl Heard {
    fn all(&self) -> Vec<String> {
        self.lines.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    /// The events, in order.
    fn events(&self) -> Vec<String> {
        self.all().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    }

    fn only(&self, event: &str) -> String {
        let found: Vec<_> = self.all().into_iter().filter(|line| line.split(' ').next() == Some(event)).collect();
        assert_eq!(found.len(), 1, "{event}: {found:?}");
        found.into_iter().next().unwrap()
    }
}

unsafe extern "C" fn hear(context: *mut c_void, level: i32, line: *const c_char) {
    let heard = unsafe { &*context.cast::<Heard>() };
    let line = unsafe { CStr::from_ptr(line) }.to_str().expect("UTF-8").to_owned();
    assert_eq!(heard.released.load(Ordering::SeqCst), 0, "{line}");
    heard.lines.lock().unwrap().push((level, line));
}

/// Takes one count of the context's.
unsafe extern "C" fn release(context: *mut c_void) {
    let heard = unsafe { Arc::from_raw(context.cast::<Heard>()) };
    heard.released.fetch_add(1, Ordering::SeqCst);
}

/// Gives the configuration a log.
fn log_to(config: Config, level: i32, heard: &Arc<Heard>) -> Config {
    let context = Arc::into_raw(heard.clone()).cast_mut().cast();
    config
        .with(|config| unsafe { ecgrid_config_set_log(config, level, Some(hear), context, Some(release), null_mut()) })
}

fn has(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.split(' ').any(|word| word == *part), "{part}: {line}");
    }
}

#[test]
fn a_login_over_tls_tells_each_step() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let client = log_to(Config::secure(&sandbox), ECGRID_LOG_DEBUG, &heard).client();
    heard.lines.lock().unwrap().clear();
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!(heard.events(), ["request", "connect", "tls", "answer", "login"]);
    has(&heard.only("request"), &["call=1", "attempt=1", "method=POST", "path=/v2/auth/login"]);
    has(&heard.only("connect"), &["call=1", "host=localhost"]);
    has(&heard.only("tls"), &["call=1", "version=TLSv1_3", "cipher=TLS13_AES_128_GCM_SHA256", "resumed=false"]);
    has(&heard.only("answer"), &["call=1", "status=200"]);
    has(&heard.only("login"), &["call=1", "user=jsmith@example.com", "user_id=4821"]);
    heard.lines.lock().unwrap().clear();
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!(heard.events(), ["request", "answer", "login"]);
    has(&heard.only("login"), &["call=2"]);
    heard.lines.lock().unwrap().clear();
    drop(client);
    has(&heard.only("close"), &["host=localhost", "reason=unused"]);
    assert_eq!(heard.released.load(Ordering::SeqCst), 1);
}

#[test]
fn at_info_a_login_is_one_line_and_a_failure_too() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let client = log_to(Config::new(&sandbox.http_url()), ECGRID_LOG_INFO, &heard).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = client.login(LOGIN, "wrong").unwrap_err();
    assert_eq!(heard.events(), ["login", "failure"]);
    let line = heard.only("failure");
    has(&line, &["call=2", "status=ECGRID_UNAUTHENTICATED", "outcome=refused"]);
    assert!(line.ends_with(&format!("error=\"{}\"", failure.message)), "{line}");
}

#[test]
fn each_level_tells_its_own_events_and_no_others() {
    let sandbox = sandbox();
    for level in ECGRID_LOG_OFF..=ECGRID_LOG_DEBUG {
        let heard = Arc::<Heard>::default();
        let client = log_to(Config::new(&sandbox.http_url()), level, &heard).client();
        client.login(LOGIN, PASSWORD).unwrap();
        client.login(LOGIN, "wrong").unwrap_err();
        drop(client);
        let lines = heard.lines.lock().unwrap();
        assert!(lines.iter().all(|(told, _)| (1..=level).contains(told)), "{level}: {lines:?}");
        assert_eq!(lines.iter().any(|(told, _)| *told == level), !matches!(level, 0 | 2), "{level}: {lines:?}");
    }
}

#[test]
fn a_retry_says_why_and_after_which_pause() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let client = log_to(Config::new(&sandbox.http_url()).max_attempts(2), ECGRID_LOG_DEBUG, &heard).client();
    client.failure_as("fault-503");
    let retry = heard.only("retry");
    has(&retry, &["call=1"]);
    assert!(retry.contains(" pause_ms=") && retry.contains("HTTP 503"), "{retry}");
    let attempts: Vec<_> = heard.all().into_iter().filter(|line| line.starts_with("request ")).collect();
    has(&attempts[0], &["call=1", "attempt=1"]);
    has(&attempts[1], &["call=1", "attempt=2"]);
}

#[test]
fn settings_are_told_with_where_they_came_from_and_keys_are_not() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let config = Config::new(&sandbox.http_url()).api_key("canary-key").timeout(1234);
    let config = config.proxy("http://user:canary@127.0.0.1:1");
    drop(log_to(config, ECGRID_LOG_DEBUG, &heard).client());
    let lines = heard.all();
    assert!(!lines.iter().any(|line| line.contains("canary")), "{lines:?}");
    for line in [
        &format!("configuration setting=base_url value={} source=program", sandbox.http_url()),
        "configuration setting=api_key value=*** source=program",
        "configuration setting=ca_file value=none source=default",
        "configuration setting=proxy value=127.0.0.1:1 source=program",
        "configuration setting=timeout_ms value=1234 source=program",
        "configuration setting=max_attempts value=3 source=default",
        "configuration setting=keep_alive value=0 source=default",
        "configuration setting=log value=debug source=program",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line}: {lines:?}");
    }
}

#[test]
fn a_client_that_cannot_be_made_tells_why() {
    let heard = Arc::<Heard>::default();
    let failure = log_to(Config::new("ftp://ecgrid"), ECGRID_LOG_ERROR, &heard).try_client().err().unwrap();
    let line = heard.only("failure");
    has(&line, &["status=ECGRID_INVALID_CONFIGURATION", "outcome=not-sent"]);
    let message = serde_json::to_string(&failure.message).unwrap();
    assert!(line.ends_with(&format!("error={message}")), "{line}");
}

#[test]
fn what_is_refused_is_not_released_and_what_is_replaced_is() {
    let (first, second) = (Arc::<Heard>::default(), Arc::<Heard>::default());
    let config = Config::new("http://localhost:1").with(|config| unsafe {
        let context = Arc::as_ptr(&first).cast_mut().cast();
        for (level, function) in [(-1, Some(hear as _)), (5, Some(hear as _)), (1, None)] {
            let status = ecgrid_config_set_log(config, level, function, context, Some(release), null_mut());
            assert_eq!(status, ECGRID_INVALID_ARGUMENT);
        }
        ECGRID_OK
    });
    let released = |heard: &Heard| heard.released.load(Ordering::SeqCst);
    let config = log_to(config, ECGRID_LOG_DEBUG, &first);
    let client = config.try_another_client().unwrap();
    let config = log_to(config, ECGRID_LOG_DEBUG, &second);
    assert_eq!((released(&first), released(&second)), (0, 0), "a client still has the first");
    drop(client);
    assert_eq!((released(&first), released(&second)), (1, 0));
    drop(config);
    assert_eq!((released(&first), released(&second)), (1, 1));
    let off = log_to(Config::new("http://localhost:1"), ECGRID_LOG_OFF, &first);
    drop(off);
    assert_eq!((released(&first), Arc::strong_count(&first), Arc::strong_count(&second)), (2, 1, 1));
}

/// For a release that gives the same configuration another log.
struct Changer {
    config: AtomicPtr<ecgrid_config>,
    next: Arc<Heard>,
}

unsafe extern "C" fn change(context: *mut c_void) {
    let changer = unsafe { &*context.cast::<Changer>() };
    let context = Arc::into_raw(changer.next.clone()).cast_mut().cast();
    let config = changer.config.load(Ordering::SeqCst);
    let status = unsafe { ecgrid_config_set_log(config, 4, Some(hear), context, Some(release), null_mut()) };
    assert_eq!(status, ECGRID_OK);
}

#[test]
fn a_release_may_give_the_configuration_that_lets_go_of_it_another_log() {
    let changer = Changer { config: AtomicPtr::default(), next: Arc::default() };
    let config = Config::new("http://localhost:1").with(|config| unsafe {
        changer.config.store(config, Ordering::SeqCst);
        let context = std::ptr::from_ref(&changer).cast_mut().cast();
        ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, Some(hear), context, Some(change), null_mut())
    });
    let replaced = Arc::<Heard>::default();
    let config = log_to(config, ECGRID_LOG_DEBUG, &replaced);
    let released = |heard: &Heard| heard.released.load(Ordering::SeqCst);
    // The last one that was set is in force.
    assert_eq!((released(&replaced), released(&changer.next)), (1, 0));
    drop(config);
    assert_eq!((released(&replaced), released(&changer.next)), (1, 1));
}

unsafe extern "C" fn change_settings(context: *mut c_void, _: i32, line: *const c_char) {
    let (config, lines) = unsafe { &*context.cast::<(AtomicPtr<ecgrid_config>, Mutex<Vec<String>>)>() };
    let config = config.load(Ordering::SeqCst);
    assert_eq!(unsafe { ecgrid_config_set_max_attempts(config, 9, null_mut()) }, ECGRID_OK);
    lines.lock().unwrap().push(common::string(line));
}

#[test]
fn a_function_may_change_the_configuration_of_the_client_that_is_made_and_not_that_client() {
    let context = (AtomicPtr::<ecgrid_config>::default(), Mutex::<Vec<String>>::default());
    let config = Config::new("http://localhost:1").with(|config| unsafe {
        context.0.store(config, Ordering::SeqCst);
        let context = std::ptr::from_ref(&context).cast_mut().cast();
        ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, Some(change_settings), context, None, null_mut())
    });
    for attempts in [3, 9] {
        drop(config.try_another_client().unwrap());
        let lines = std::mem::take(&mut *context.1.lock().unwrap());
        let told = format!("configuration setting=max_attempts value={attempts} ");
        assert!(lines.iter().any(|line| line.starts_with(&told)), "{told}: {lines:?}");
    }
}

/// For a function that uses the library.
#[derive(Default)]
struct Caller {
    session: AtomicPtr<ecgrid_session>,
    /// Each line, and what came of the calls that it led to.
    told: Mutex<Vec<(String, [ecgrid_status; 2])>>,
}

unsafe extern "C" fn call_back(context: *mut c_void, _: i32, line: *const c_char) {
    let caller = unsafe { &*context.cast::<Caller>() };
    let session = caller.session.load(Ordering::SeqCst);
    if session.is_null() {
        return;
    }
    let results = unsafe {
        let mut token = null_mut();
        let called =
            ecgrid_session_call(session, c"GET".as_ptr(), c"/v2/users/me".as_ptr(), null(), 0, null_mut(), null_mut());
        let got = ecgrid_session_token(session, &mut token, null_mut());
        ecgrid_token_free(token);
        [called, got]
    };
    caller.told.lock().unwrap().push((common::string(line), results));
}

#[test]
fn a_function_may_use_the_session_that_it_is_told_of() {
    let (sandbox, caller) = (sandbox(), Caller::default());
    let context = std::ptr::from_ref(&caller).cast_mut().cast();
    let config = Config::secure(&sandbox).keep_password(1).timeout(5000).with(|config| unsafe {
        ecgrid_config_set_log(config, ECGRID_LOG_DEBUG, Some(call_back), context, None, null_mut())
    });
    let session = config.client().usual_session();
    caller.session.store(session.raw(), Ordering::SeqCst);
    let has = |event: &str, word: &str| {
        let told = caller.told.lock().unwrap();
        told.iter().any(|(line, _)| line.starts_with(event) && line.contains(word))
    };
    // From within a refresh, a call that has the credential to itself, one that has not, and one that fails.
    session.refresh().unwrap();
    common::eventually("the refresh is told of", || has("refresh ", "result=renewed"));
    session.change_password(PASSWORD, "An0ther$ecret!").unwrap();
    assert!(has("request ", "path=/v2/auth/password"));
    session.me().unwrap();
    assert!(has("request ", "path=/v2/users/me"));
    session.call("GET", "/v2/nothing/there", None).unwrap_err();
    assert!(has("failure ", "status=ECGRID_NOT_FOUND"));
    caller.session.store(null_mut(), Ordering::SeqCst);
    let told = caller.told.lock().unwrap().clone();
    assert!(told.iter().all(|(_, results)| *results == [ECGRID_OK; 2]), "{told:?}");
}

#[test]
fn a_session_tells_of_its_refreshes_its_second_tries_and_its_end() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let client = log_to(Config::new(&sandbox.http_url()), ECGRID_LOG_INFO, &heard).client();
    let session = client.usual_session();
    let told = |event: &str| heard.events().iter().filter(|told| *told == event).count();
    session.refresh().unwrap();
    common::eventually("a refresh is told of", || told("refresh") == 1);
    has(&heard.only("refresh"), &["step=refresh", "result=renewed"]);

    // ECGrid has forgotten the session: the call is refused, and so is the refresh.
    sandbox.revoke_all_tokens();
    session.me().unwrap_err();
    session.me().unwrap_err();
    common::eventually("a refused refresh is told of", || told("refresh") == 2);
    common::eventually("the end is told of", || told("session-over") == 1);
    let refused = heard.all().into_iter().rfind(|line| line.starts_with("refresh ")).unwrap();
    has(&refused, &["step=refresh", "result=refused"]);
    assert_eq!(told("failure"), 2, "{:?}", heard.all());
    assert_eq!(told("session-over"), 1);
}

#[test]
fn lines_have_no_second_line_whatever_a_server_says() {
    let (sandbox, heard) = (sandbox(), Arc::<Heard>::default());
    let client = log_to(Config::new(&sandbox.http_url()), ECGRID_LOG_DEBUG, &heard).client();
    client.login("two\nlines \u{2028} x=\"y\"", PASSWORD).unwrap_err();
    let session = client.usual_session();
    session.call("GET", "/v2/keys/0f0c1a2b-0f0c-0f0c-0f0c-0f0c1a2b3c4d?token=canary", None).unwrap_err();
    for line in heard.all() {
        assert!(!line.contains(|char: char| char.is_control() || char == '\u{2028}'), "{line:?}");
        assert!(!line.contains("canary") && !line.contains("0f0c1a2b"), "{line}");
    }
    assert!(heard.all().iter().any(|line| line.contains("path=/v2/keys/***")), "{:?}", heard.all());
}

#[test]
fn what_a_proxy_calls_its_way_to_log_in_is_not_repeated_when_it_is_the_password() {
    for echo in ["canary-word", "YW5uYTpjYW5hcnktd29y", "Y2FuYXJ5LXdvcmQ"] {
        let proxy = Server::start(move |connection| {
            connection.read_request();
            let head = format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {echo}\r\nContent-Length: 0\r\n\r\n");
            connection.send(head.as_bytes());
        });
        let heard = Arc::<Heard>::default();
        let url = proxy.url().replace("http://", "http://anna:canary-word@");
        let config = Config::new("https://127.0.0.1:1").proxy(&url);
        log_to(config, ECGRID_LOG_DEBUG, &heard).client().login(LOGIN, PASSWORD).unwrap_err();
        let line = heard.only("proxy");
        assert!(line.contains(" error="), "{line}");
        assert!(!heard.all().iter().any(|line| line.contains(echo)), "{:?}", heard.all());
    }
}

#[test]
fn an_answer_says_what_to_quote_to_the_support_unless_that_holds_a_secret() {
    for (trace, told) in [("00-4bf92f-01", true), (PASSWORD, false)] {
        let server = Server::start(move |connection| {
            while connection.read_request().is_some() {
                let problem = serde_json::json!({"title": "Bad Request", "traceId": trace});
                connection.send(answer("400 Bad Request", "", &problem.to_string()).as_bytes());
            }
        });
        let heard = Arc::<Heard>::default();
        log_to(server.config(), ECGRID_LOG_DEBUG, &heard).client().login(LOGIN, PASSWORD).unwrap_err();
        let line = heard.only("answer");
        has(&line, &["call=1", "status=400"]);
        assert_eq!(line.contains(" trace="), told, "{line}");
        assert!(!told || line.ends_with(&format!(" trace={trace}")), "{line}");
    }
}
