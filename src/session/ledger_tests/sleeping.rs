//! Programs that call now and then, in virtual time: do they keep their session? docs/sessions.md has the figures.

use std::fs;

use super::super::flight::{Ending, Latch, Replicate, SingleFlight};
use super::*;

const LIFETIME: Time = Time::from_secs(900);
const LIFETIMES: u32 = 10;
const PROGRAMS: u64 = 20;

impl Replicate for u64 {
    fn replica(&self) -> Self {
        *self
    }
}

/// Nobody waits here.
#[derive(Default)]
struct NoLatch;

impl Latch<&'static str> for NoLatch {
    fn open(&self, _: Ending<&'static str>) {}
}

type Session = SingleFlight<u64, &'static str, NoLatch>;

/// From 0 to 1, the same in every run.
fn chance(program: u64, number: u64) -> f64 {
    // SplitMix64.
    let mut bits = (program << 48).wrapping_add(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb), (31, 1)] {
        bits = (bits ^ bits >> shift).wrapping_mul(factor);
    }
    bits as f64 / u64::MAX as f64
}

/// As that many lifetimes.
fn lifetimes(count: f64) -> Time {
    LIFETIME.mul_f64(count)
}

/// What keeps a program's session.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// Nothing but that a token is due at some time.
    Due,
    Pauses,
    KeepAlive,
}

/// A program without a kept password, and the server as far as it is concerned.
struct Program {
    number: u64,
    by: By,
    /// When the session is to be looked at, if it is kept alive.
    look: Time,
    session: Session,
    now: Time,
    token: u64,
    ends: Time,
    lost: u32,
    refreshes: u32,
}

impl Program {
    fn new(number: u64, by: By) -> Self {
        let (now, session) = (Time::ZERO, Self::session(by, token(number, 0, Time::ZERO)));
        Self { number, by, look: now, session, now, token: 0, ends: LIFETIME, lost: 0, refreshes: 0 }
    }

    fn session(by: By, token: Grant<u64>) -> Session {
        let ledger = Ledger::with_token(token, false);
        SingleFlight::new(if by == By::Pauses { ledger } else { ledger.kept_alive() })
    }

    /// Nobody calls until then.
    fn sleep(&mut self, until: Time) {
        while self.by == By::KeepAlive && self.look < until {
            self.now = self.look;
            match self.session.attend(self.now) {
                Offer::Take(lease) => self.look = lease.until,
                Offer::Start(Step::Refresh(_), _) => self.refresh(),
                _ => unreachable!(),
            }
        }
        self.now = until;
    }

    /// A call, on the thread with this number.
    fn call(&mut self, thread: usize) {
        if self.session.read(thread, self.now).is_some() {
            return;
        }
        let mut offer = self.session.ask(thread, self.now);
        if let Offer::Start(Step::Refresh(_), _) = offer {
            self.refresh();
            offer = self.session.ask(thread, self.now);
        }
        match offer {
            Offer::Take(lease) => assert!(lease.credential == self.token && self.now < self.ends),
            Offer::Over(_) => {
                self.lost += 1;
                let token = self.next_token();
                self.session = Self::session(self.by, token);
            }
            _ => panic!("{} at {:?}: a second refresh for one call", self.number, self.now),
        }
    }

    fn refresh(&mut self) {
        let landing = if self.now < self.ends {
            self.refreshes += 1;
            Landing::Granted(self.next_token())
        } else {
            Landing::Refused("dead")
        };
        assert_eq!(self.session.landed(landing, self.now), None);
    }

    fn next_token(&mut self) -> Grant<u64> {
        self.token += 1;
        self.ends = self.now + LIFETIME;
        token(self.number, self.token, self.now)
    }
}

/// Each program's tokens are due at random, and each time it runs at the same times.
fn token(program: u64, number: u64, granted: Time) -> Grant<u64> {
    let due = granted + lifetimes(0.78 + 0.04 * chance(program, number << 32));
    Grant { credential: number, granted, due, ends: granted + LIFETIME }
}

/// The times of all calls of a program, in lifetimes. Every other one makes its first call right after the login.
fn calls(program: u64, pause: f64, jitter: f64) -> impl Iterator<Item = Time> {
    let first = if program % 2 == 0 { 0.0 } else { pause };
    let pauses = (0..).map(move |call| pause * (1.0 + jitter * (2.0 * chance(program, call) - 1.0)));
    let times = pauses.scan(first, |now, pause| Some(std::mem::replace(now, *now + pause)));
    times.take_while(|now| *now <= f64::from(LIFETIMES)).map(lifetimes)
}

fn run(program: u64, by: By, calls: impl IntoIterator<Item = (usize, Time)>) -> Program {
    let mut program = Program::new(program, by);
    for (thread, now) in calls {
        program.sleep(now);
        program.call(thread);
    }
    program
}

/// Sessions lost and refreshes made by all programs that call with this pause, a lifetime.
fn figures(by: By, pause: f64, jitter: f64) -> (f64, f64) {
    let programs = (0..PROGRAMS).map(|number| run(number, by, calls(number, pause, jitter).map(|now| (0, now))));
    let (lost, refreshes) = programs.fold((0, 0), |sum, it| (sum.0 + it.lost, sum.1 + it.refreshes));
    let all = f64::from(PROGRAMS as u32 * LIFETIMES);
    (f64::from(lost) / all, f64::from(refreshes) / all)
}

#[test]
fn a_program_that_calls_every_eighth_to_three_quarters_of_a_lifetime_keeps_its_session() {
    for hundredths in 12..=75 {
        for jitter in [0.0, 0.2] {
            let (lost, refreshes) = figures(By::Pauses, f64::from(hundredths) / 100.0, jitter);
            assert_eq!(lost, 0.0, "pauses of 0.{hundredths} of the lifetime, jitter {jitter}");
            assert!(refreshes < 2.8, "0.{hundredths}: {refreshes}");
        }
    }
}

#[test]
fn a_program_that_calls_every_nine_tenths_of_a_lifetime_keeps_its_session() {
    assert_eq!(figures(By::Pauses, 0.9, 0.0).0, 0.0);
}

#[test]
fn a_session_that_is_kept_alive_lasts_however_long_nobody_calls() {
    for (pause, jitter) in [(0.001, 0.0), (0.5, 0.2), (0.9, 0.2), (1.5, 0.0), (1.5, 0.2), (10.0, 0.0)] {
        let (lost, refreshes) = figures(By::KeepAlive, pause, jitter);
        assert_eq!(lost, 0.0, "{pause}");
        assert!(refreshes <= 1.0 / 0.78, "{pause}: {refreshes}");
    }
}

#[test]
fn the_figures_in_the_docs_are_those() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sessions.md")).unwrap();
    for (name, pause, jitter) in [
        ("0.01", 0.01, 0.0),
        ("0.1", 0.1, 0.0),
        ("0.15", 0.15, 0.0),
        ("0.19", 0.19, 0.0),
        ("0.2", 0.2, 0.0),
        ("0.25", 0.25, 0.0),
        ("0.5", 0.5, 0.0),
        ("0.75", 0.75, 0.0),
        ("0.9", 0.9, 0.0),
        ("0.9 ± 20 %", 0.9, 0.2),
        ("1.5", 1.5, 0.0),
        ("10", 10.0, 0.0),
    ] {
        let all = [By::Due, By::Pauses, By::KeepAlive].map(|by| figures(by, pause, jitter));
        let lost = all.map(|(lost, _)| format!(" {lost:.2} |")).concat();
        let refreshes = all.map(|(_, refreshes)| format!(" {refreshes:.2} |")).concat();
        let row = format!("| {name} |{lost}{refreshes}");
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn a_busy_program_refreshes_when_its_token_is_due_and_not_once_more() {
    for (pause, jitter) in [(0.001, 0.0), (0.02, 0.5), (0.05, 0.2), (0.08, 0.2), (0.1, 0.0)] {
        for number in 0..PROGRAMS {
            let (mut next, mut refreshes) = (token(number, 0, Time::ZERO), 0);
            for now in calls(number, pause, jitter) {
                if now >= next.due {
                    refreshes += 1;
                    next = token(number, next.credential + 1, now);
                }
            }
            let program = run(number, By::Pauses, calls(number, pause, jitter).map(|now| (0, now)));
            assert_eq!((program.lost, program.refreshes), (0, refreshes), "{pause}, {number}");
        }
    }
}

#[test]
fn the_calls_of_a_burst_have_one_refresh_together() {
    for pause in [0.2, 0.3, 0.45, 0.6, 0.75] {
        for number in 0..PROGRAMS {
            let burst = |now| [0, 1, 2].map(|call| (0, now + lifetimes(0.003) * call));
            let bursts = || calls(number, pause, 0.2);
            let program = run(number, By::Pauses, bursts().flat_map(burst));
            assert_eq!(program.lost, 0, "{pause}");
            assert!(program.refreshes as usize <= bursts().count(), "{pause}: {}", program.refreshes);
        }
    }
}

#[test]
fn a_pause_is_one_of_the_session_and_not_of_one_of_its_threads() {
    for number in 0..PROGRAMS {
        let thread = |thread: usize, pause| calls(number + thread as u64, pause, 0.2).map(move |now| (thread, now));
        let together = |threads: &[(usize, f64)]| {
            let mut all: Vec<_> = threads.iter().flat_map(|&(number, pause)| thread(number, pause)).collect();
            all.sort_by_key(|(_, now)| *now);
            run(number, By::Pauses, all)
        };
        for rare in [0.3, 0.7] {
            let program = together(&[(0, rare), (1, rare), (17, 0.65)]);
            assert_eq!(program.lost, 0, "{rare}: threads that each call now and then");
        }
        let busy = run(number, By::Pauses, thread(0, 0.01));
        let program = together(&[(0, 0.01), (1, 0.45), (3, 0.7)]);
        assert_eq!(program.lost, 0);
        assert!(program.refreshes <= busy.refreshes + 1, "a busy thread leaves no pause for the others to end");
    }
}
