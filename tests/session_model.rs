//! Real sessions against the sandbox, in random sequences; after each step the sandbox's journal must agree with the
//! promises.

mod common;
#[path = "model/journal.rs"]
mod journal;

use std::thread;
use std::time::Duration;

use common::session::{Response, Session};
use common::{Client, Config, Failure, LOGIN, PASSWORD};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;
use journal::Journal;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Doing {
    Get,
    Post,
    Force,
}

#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Nothing,
    ServerRevokesAll,
    /// The handle that the calls go through.
    Cancel,
}

#[derive(Clone, Copy, Debug)]
enum Refreshes {
    Work,
    AreRefused,
    GetLost,
}

#[derive(Clone, Debug)]
enum Step {
    /// Each on a thread of its own, all at once.
    Together(Vec<Doing>, Meanwhile),
    ServerRevokes,
    AnswersGetLost(u32),
    Refreshes(Refreshes),
    AnotherHandle,
    /// The program tells of a 401 to a request of its own.
    RefusedElsewhere,
    Logout,
    NewLogin,
}

fn step() -> impl Strategy<Value = Step> {
    let doing = prop_oneof![3 => Just(Doing::Get), 3 => Just(Doing::Post), 1 => Just(Doing::Force)];
    let meanwhile = prop_oneof![
        4 => Just(Meanwhile::Nothing),
        1 => Just(Meanwhile::ServerRevokesAll),
        1 => Just(Meanwhile::Cancel),
    ];
    let refreshes =
        prop_oneof![3 => Just(Refreshes::Work), 1 => Just(Refreshes::AreRefused), 1 => Just(Refreshes::GetLost)];
    prop_oneof![
        8 => (vec(doing, 1..5), meanwhile).prop_map(|(doing, meanwhile)| Step::Together(doing, meanwhile)),
        3 => Just(Step::ServerRevokes),
        1 => prop_oneof![Just(0), Just(30), Just(100)].prop_map(Step::AnswersGetLost),
        2 => refreshes.prop_map(Step::Refreshes),
        1 => Just(Step::AnotherHandle),
        2 => Just(Step::RefusedElsewhere),
        1 => Just(Step::Logout),
        2 => Just(Step::NewLogin),
    ]
}

/// What came of one call.
struct Done {
    path: String,
    doing: Doing,
    result: Result<Response, Failure>,
}

struct World {
    sandbox: Sandbox,
    client: Client,
    session: Session,
    journal: Journal,
    keeps_password: bool,
    own_logins: u64,
    calls: u32,
    losing: bool,
    has_lost: bool,
}

impl World {
    fn new(keeps_password: bool, kept_alive: bool) -> Self {
        let sandbox = Sandbox::builder().echo(true).start().expect("a sandbox");
        // One attempt, so that no call waits for the schedule.
        let config = Config::new(&sandbox.http_url()).keep_password(keeps_password.into()).max_attempts(1);
        let config = config.keep_alive(kept_alive.into());
        let client = config.client();
        let session = client.usual_session();
        let journal = Journal::default();
        Self {
            sandbox,
            client,
            session,
            journal,
            keeps_password,
            own_logins: 1,
            calls: 0,
            losing: false,
            has_lost: false,
        }
    }

    fn take(&mut self, step: &Step) {
        let mut done = Vec::new();
        match step {
            Step::Together(doing, meanwhile) => done = self.together(doing, *meanwhile),
            Step::ServerRevokes => drop(self.sandbox.revoke_all_tokens()),
            Step::AnswersGetLost(percent) => {
                self.sandbox.lose_answers(*percent);
                self.losing = *percent > 0;
                self.has_lost |= self.losing;
            }
            Step::Refreshes(how) => {
                self.sandbox.refuse_refresh(matches!(how, Refreshes::AreRefused));
                self.sandbox.lose_refreshes(if matches!(how, Refreshes::GetLost) { 100 } else { 0 });
            }
            Step::AnotherHandle => self.session = self.session.another(),
            Step::RefusedElsewhere => self.refused_elsewhere(),
            Step::Logout => {
                if self.session.logout().is_ok() {
                    self.is_logged_out();
                }
            }
            Step::NewLogin => {
                self.session = self.client.session(LOGIN, PASSWORD).expect("a session");
                self.own_logins += 1;
            }
        }
        self.compare(&done, matches!(step, Step::Together(_, Meanwhile::Cancel)));
    }

    fn together(&mut self, doing: &[Doing], meanwhile: Meanwhile) -> Vec<Done> {
        let (session, sandbox) = (&self.session.another(), &self.sandbox);
        let numbered = doing.iter().zip(self.calls..);
        self.calls += doing.len() as u32;
        thread::scope(|scope| {
            let threads: Vec<_> = numbered
                .map(|(&doing, number)| {
                    let path = format!("/v2/call/{number}");
                    scope.spawn(move || {
                        let result = match doing {
                            Doing::Get => session.call("GET", &path, None),
                            Doing::Post => session.call("POST", &path, Some("{}")),
                            Doing::Force => {
                                let nothing = || Response { http_status: 0, body: String::new(), data: String::new() };
                                session.refresh().map(|()| nothing())
                            }
                        };
                        Done { path, doing, result }
                    })
                })
                .collect();
            match meanwhile {
                Meanwhile::Nothing => {}
                Meanwhile::ServerRevokesAll => {
                    while !threads.iter().all(|thread| thread.is_finished()) {
                        sandbox.revoke_all_tokens();
                        thread::yield_now();
                    }
                }
                Meanwhile::Cancel => session.cancel(),
            }
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        })
    }

    /// The next token is another, or one that the server vouched for since.
    fn refused_elsewhere(&mut self) {
        let Ok(token) = self.session.hold() else { return };
        self.journal.add(self.sandbox.take_requests());
        self.session.refused(&token).expect("no request is made");
        let next = self.session.token();
        let requests = self.sandbox.take_requests();
        let is_asked_about = requests.iter().any(|request| request.path == "/v2/auth/session");
        assert!(next.is_err() || next.unwrap().value != token.value() || is_asked_about);
        self.journal.add(requests);
    }

    fn is_logged_out(&self) {
        let failure = self.session.me().expect_err("a call after the logout");
        assert_eq!(failure.kind(), (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    }

    /// Whatever was under way has ended: what the session knows now must show in what it sends from now on.
    fn compare(&mut self, done: &[Done], cancelled: bool) {
        let token = self.session.token();
        self.journal.add(self.sandbox.take_requests());
        for Done { path, doing, result } in done {
            if let Doing::Force = doing {
                continue;
            }
            let tokens = self.journal.tokens_of(path);
            // Once more with one attempt, and once more for a token that was replaced meanwhile.
            assert!(tokens.len() <= 3, "{path} was sent {} times", tokens.len());
            assert!(tokens.iter().is_sorted_by(|a, b| a != b), "{path} was sent twice with the same token");
            match result {
                Ok(_) => assert!(!tokens.is_empty()),
                Err(failure) if failure.outcome == ECGRID_OUTCOME_UNKNOWN && !cancelled => {
                    assert!(self.losing, "{failure:?}");
                    assert!(!tokens.is_empty(), "{path}: {failure:?}");
                }
                Err(failure) if failure.outcome == ECGRID_OUTCOME_NOT_SENT && !cancelled => {
                    assert!(tokens.is_empty(), "{failure:?}");
                }
                Err(_) => {}
            }
            let refused = match result {
                Err(failure) if failure.http_status == 401 => tokens.len(),
                _ => tokens.len().saturating_sub(1),
            };
            self.journal.got_401(tokens.into_iter().take(refused));
        }
        match token {
            Ok(token) => self.journal.current(&token.value),
            Err(failure) if matches!(failure.status, ECGRID_UNAUTHENTICATED | ECGRID_INVALID_STATE) => {
                self.journal.all_died();
            }
            // It does not know itself, until it has asked; or the next login of its own has its time.
            Err(failure) => {
                assert!(self.has_lost || self.keeps_password && failure.retry_after_ms > 0, "{failure:?}");
            }
        }
        let by_itself = self.journal.logins - self.own_logins;
        assert!(by_itself == 0 || self.keeps_password, "{by_itself} logins without a password");
        assert!(by_itself <= self.journal.dead_tokens(), "{by_itself} logins");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600, max_shrink_time: 20_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_journal_shows_no_dead_token_no_second_refresh_and_no_second_post(
        keeps_password in any::<bool>(),
        kept_alive in any::<bool>(),
        steps in vec(step(), 1..16),
    ) {
        let mut world = World::new(keeps_password, kept_alive);
        steps.iter().for_each(|step| world.take(step));
    }
}

#[test]
fn a_refresh_outlives_the_cancel_of_the_call_that_began_it() {
    let mut world = World::new(false, false);
    world.sandbox.refresh_delay(Duration::from_millis(50));
    let old = world.session.token().unwrap().value;
    let handle = world.session.another();
    thread::scope(|scope| {
        let forced = scope.spawn(|| handle.refresh());
        assert!(world.sandbox.wait_for_requests(2, Duration::from_secs(10)));
        handle.cancel();
        assert_eq!(forced.join().unwrap().unwrap_err().status, ECGRID_CANCELLED);
    });
    assert_ne!(world.session.token().unwrap().value, old);
    world.compare(&[], true);
    assert_eq!(world.sandbox.refreshes(), 1);
}

#[test]
fn a_token_that_got_the_second_401_of_a_call_is_asked_about_before_the_next() {
    let sandbox = Sandbox::builder().start().unwrap();
    let session = Config::new(&sandbox.http_url()).client().session_as("call-fault-401");
    let mut journal = Journal::default();
    assert_eq!(session.me().unwrap_err().http_status, 401);
    journal.add(sandbox.take_requests());
    journal.got_401(journal.tokens_of("/v2/users/me"));
    for _ in 0..3 {
        let failure = session.me().unwrap_err();
        assert_eq!((failure.status, failure.outcome), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
        journal.add(sandbox.take_requests());
    }
    assert_eq!((journal.tokens_of("/v2/users/me").len(), sandbox.refreshes()), (2, 1));
}
