//! The figures there are, what each must be, and what was measured.

use crate::stats::Estimate;

/// How much worse than its 'must' a figure that depends on the machine may be before the gate closes.
pub const MARGIN: f64 = 0.10;
/// Of a count: one call in a hundred logins may be the kernel's own (a restarted wait).
const STRAY: f64 = 0.01;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Kept in nanoseconds.
    Time,
    /// Kept in bytes.
    Bytes,
    Count,
    Rate,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Ours over libcurl's.
    Ratio,
    /// Ours by many threads over ours by one.
    OverOneThread,
    /// Ours alone.
    Value,
}

#[derive(Debug)]
pub struct Spec {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: Unit,
    pub basis: Basis,
    pub must: Bound,
    pub aim: Option<f64>,
    /// A count, or a size: the same on every machine, gated exactly and always.
    pub exact: bool,
}

const fn ratio(id: &'static str, title: &'static str, unit: Unit, must: Bound, aim: f64) -> Spec {
    Spec { id, title, unit, basis: Basis::Ratio, must, aim: Some(aim), exact: false }
}

const fn count(id: &'static str, title: &'static str, must: f64, aim: f64) -> Spec {
    Spec { id, title, unit: Unit::Count, basis: Basis::Value, must: Bound::AtMost(must), aim: Some(aim), exact: true }
}

/// A count beside libcurl's.
const fn beside(id: &'static str, title: &'static str, unit: Unit, must: f64, aim: Option<f64>) -> Spec {
    Spec { id, title, unit, basis: Basis::Ratio, must: Bound::AtMost(must), aim, exact: true }
}

const fn value(id: &'static str, title: &'static str, unit: Unit, must: f64, aim: Option<f64>) -> Spec {
    Spec { id, title, unit, basis: Basis::Value, must: Bound::AtMost(must), aim, exact: false }
}

/// Memory above that of a login.
const fn above_login(id: &'static str, title: &'static str) -> Spec {
    Spec { exact: true, ..value(id, title, Unit::Bytes, 1_048_576.0, Some(262_144.0)) }
}

use Bound::{AtLeast, AtMost};

pub const ALL: &[Spec] = &[
    ratio("warm-http", "warm login, HTTP, p50", Unit::Time, AtMost(0.80), 0.60),
    ratio("warm-https", "warm login, HTTPS, p50", Unit::Time, AtMost(0.75), 0.65),
    count("syscalls-http", "system calls a warm login, HTTP", 3.0, 3.0),
    count("syscalls-https", "system calls a warm login, HTTPS", 3.0, 3.0),
    count("writes", "writes a warm login", 1.0, 1.0),
    count("threads", "threads created a warm login", 0.0, 0.0),
    ratio("instructions", "instructions a warm HTTPS login", Unit::Count, AtMost(0.50), 0.30),
    ratio("log-https", "warm login, HTTPS, with our log at INFO, p50", Unit::Time, AtMost(0.80), 0.70),
    ratio("instructions-log", "instructions of that", Unit::Count, AtMost(0.50), 0.35),
    count("allocations", "heap allocations a warm login", 45.0, 10.0),
    ratio("cold-ca", "cold process, HTTPS, CA file", Unit::Time, AtMost(0.25), 0.18),
    ratio("cold-os", "cold process, HTTPS, OS bundle", Unit::Time, AtMost(0.15), 0.10),
    ratio("memory-ca", "its peak memory, CA file", Unit::Bytes, AtMost(0.33), 0.25),
    ratio("memory-os", "its peak memory, OS bundle", Unit::Bytes, AtMost(0.33), 0.25),
    Spec { exact: true, ..value("library", "stripped shared library", Unit::Bytes, 1.80e6, Some(1.40e6)) },
    ratio("threads-8", "logins a second, 8 threads, HTTPS", Unit::Rate, AtLeast(1.3), 1.6),
    ratio("reconnect", "login that reconnects, HTTPS, resumed", Unit::Time, AtMost(0.55), 0.45),
    count("connections", "connections of 8 threads x 1,000 logins", 8.0, 8.0),
    value("token-value", "ecgrid_token_value", Unit::Time, 5.0, None),
    ratio("call-http", "warm call, HTTP, p50", Unit::Time, AtMost(0.80), 0.60),
    ratio("call-https", "warm call, HTTPS, p50", Unit::Time, AtMost(0.80), 0.65),
    count("syscalls-call-http", "system calls a warm call, HTTP", 3.0, 3.0),
    count("syscalls-call-https", "system calls a warm call, HTTPS", 3.0, 3.0),
    count("writes-call", "writes a warm call", 1.0, 1.0),
    count("threads-call", "threads created a warm call", 0.0, 0.0),
    ratio("instructions-call", "instructions a warm HTTPS call", Unit::Count, AtMost(0.50), 0.30),
    count("allocations-call", "heap allocations a warm call", 45.0, 10.0),
    value("session-token", "ecgrid_session_token and its free", Unit::Time, 150.0, None),
    count("syscalls-token", "system calls of 8 threads x 100 tokens", 0.0, 0.0),
    Spec {
        id: "session-token-8",
        title: "tokens a second, 8 threads over 1",
        unit: Unit::Rate,
        basis: Basis::OverOneThread,
        must: AtLeast(1.0),
        aim: None,
        exact: false,
    },
    value("session-clone", "ecgrid_session_clone and its free", Unit::Time, 1000.0, None),
    value("session-clone-crowd", "the same beside a million others", Unit::Time, 1000.0, None),
    count("syscalls-clone", "system calls of 100 clones", 0.0, 0.0),
    ratio("answer-call-http", "40 MB answer: the call, HTTP", Unit::Time, AtMost(1.0), 0.8),
    ratio("answer-call-https", "40 MB answer: the call, HTTPS", Unit::Time, AtMost(1.0), 0.8),
    ratio("answer-http", "40 MB answer: call, look-up, free, HTTP", Unit::Time, AtMost(0.6), 0.4),
    ratio("answer-https", "40 MB answer: call, look-up, free, HTTPS", Unit::Time, AtMost(0.6), 0.4),
    beside("memory-answer-http", "40 MB answer: peak memory, HTTP", Unit::Bytes, 0.95, Some(0.9)),
    beside("memory-answer-https", "40 MB answer: peak memory, HTTPS", Unit::Bytes, 0.95, Some(0.9)),
    beside("syscalls-answer-http", "40 MB answer: system calls, HTTP", Unit::Count, 1.0, None),
    beside("syscalls-answer-https", "40 MB answer: system calls, HTTPS", Unit::Count, 1.0, None),
    beside("instructions-answer-http", "1 MB answer: instructions, HTTP", Unit::Count, 0.6, Some(0.4)),
    beside("instructions-answer-https", "1 MB answer: instructions, HTTPS", Unit::Count, 0.6, Some(0.4)),
    ratio("rows-http", "50,000 rows: call, walk, free, HTTP", Unit::Time, AtMost(1.0), 0.7),
    ratio("rows-https", "50,000 rows: call, walk, free, HTTPS", Unit::Time, AtMost(1.0), 0.7),
    ratio("rows-walk", "50,000 rows: walk, free", Unit::Time, AtMost(1.0), 0.7),
    ratio("parcels-http", "50,000 parcels: call, walk, free, HTTP", Unit::Time, AtMost(1.0), 0.7),
    beside("instructions-rows", "5,000 parcels: instructions, HTTP", Unit::Count, 1.0, Some(0.7)),
    ratio("request-http", "40 MB request: call, free, HTTP", Unit::Time, AtMost(1.0), 0.8),
    ratio("request-https", "40 MB request: call, free, HTTPS", Unit::Time, AtMost(1.0), 0.8),
    beside("memory-request-http", "40 MB request: peak memory, HTTP", Unit::Bytes, 1.0, None),
    beside("memory-request-https", "40 MB request: peak memory, HTTPS", Unit::Bytes, 1.0, None),
    beside("syscalls-request-http", "40 MB request: system calls, HTTP", Unit::Count, 1.0, None),
    beside("syscalls-request-https", "40 MB request: system calls, HTTPS", Unit::Count, 1.0, None),
    beside("instructions-request-http", "1 MB request: instructions, HTTP", Unit::Count, 1.0, Some(0.8)),
    ratio("down-http", "30 MB parcel to a file, HTTP", Unit::Time, AtMost(0.5), 0.3),
    ratio("down-https", "30 MB parcel to a file, HTTPS", Unit::Time, AtMost(0.5), 0.3),
    above_login("memory-down-http", "30 MB parcel to a file: memory above a login, HTTP"),
    above_login("memory-down-https", "30 MB parcel to a file: memory above a login, HTTPS"),
    beside("instructions-down-http", "1 MB parcel to a file: instructions, HTTP", Unit::Count, 0.5, Some(0.3)),
    beside("instructions-down-https", "1 MB parcel to a file: instructions, HTTPS", Unit::Count, 0.5, Some(0.3)),
    ratio("up-http", "30 MB file uploaded, HTTP", Unit::Time, AtMost(0.7), 0.5),
    ratio("up-https", "30 MB file uploaded, HTTPS", Unit::Time, AtMost(0.7), 0.5),
    above_login("memory-up-http", "30 MB file uploaded: memory above a login, HTTP"),
    above_login("memory-up-https", "30 MB file uploaded: memory above a login, HTTPS"),
    beside("instructions-up-http", "1 MB file uploaded: instructions, HTTP", Unit::Count, 0.7, Some(0.5)),
    count("requests-round", "requests of a round of 1,000 parcels", 2_002.0, 2_002.0),
    count("syscalls-parcel", "system calls for each of them, 2 KB", 30.0, 22.0),
];

#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    pub ours: f64,
    pub curl: Option<f64>,
    pub floor: Option<f64>,
    pub ratio: Option<Estimate>,
}

pub struct Figure {
    pub spec: &'static Spec,
    pub measured: Measured,
}

impl Figure {
    pub fn new(id: &str, measured: Measured) -> Self {
        let spec = ALL.iter().find(|spec| spec.id == id);
        Self { spec: spec.unwrap_or_else(|| panic!("there is no figure {id}")), measured }
    }

    /// What the bound is about.
    pub fn judged(&self) -> f64 {
        match (self.spec.basis, self.measured.ratio) {
            (Basis::Value, _) => self.measured.ours,
            (_, Some(ratio)) => ratio.median,
            (_, None) => f64::NAN,
        }
    }

    pub fn met(&self) -> bool {
        self.spec.must.holds(self.judged() - self.stray(), 0.0)
    }

    pub fn aim_met(&self) -> Option<bool> {
        let bound = match self.spec.must {
            AtMost(_) => AtMost(self.spec.aim?),
            AtLeast(_) => AtLeast(self.spec.aim?),
        };
        Some(bound.holds(self.judged() - self.stray(), 0.0))
    }

    fn stray(&self) -> f64 {
        if self.spec.exact && self.spec.basis == Basis::Value { STRAY } else { 0.0 }
    }

    /// Whether the gate lets it pass.
    pub fn passes(&self) -> bool {
        if self.spec.exact { self.met() } else { self.spec.must.holds(self.judged(), MARGIN) }
    }
}

impl Bound {
    /// What is not a number never holds.
    fn holds(self, value: f64, margin: f64) -> bool {
        match self {
            AtMost(limit) => value <= limit * (1.0 + margin),
            AtLeast(limit) => value >= limit * (1.0 - margin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(id: &str, ours: f64, median: f64) -> Figure {
        let ratio = Some(Estimate { median, low: median, high: median });
        Figure::new(id, Measured { ours, ratio, ..Measured::default() })
    }

    #[test]
    fn a_ratio_has_a_margin_at_the_gate_only() {
        let close = figure("warm-http", 1.0, 0.85);
        assert!(!close.met() && close.passes());
        assert!(!figure("warm-http", 1.0, 0.89).passes());
        let fast = figure("threads-8", 1.0, 1.2);
        assert!(!fast.met() && fast.passes());
        assert!(!figure("threads-8", 1.0, 1.1).passes());
        assert_eq!(figure("threads-8", 1.0, 1.7).aim_met(), Some(true));
        assert!(figure("session-token-8", 0.1, 1.0).met() && !figure("session-token-8", 9.0, 0.8).passes());
    }

    #[test]
    fn a_count_has_none() {
        assert!(figure("syscalls-http", 3.005, 0.1).passes());
        assert!(!figure("syscalls-http", 3.02, 0.1).passes());
        assert!(!figure("writes", 2.0, 0.1).met());
        assert_eq!(figure("allocations", 12.0, 0.1).aim_met(), Some(false));
    }

    #[test]
    fn the_library_may_not_be_a_little_too_large() {
        assert!(figure("library", 1.80e6, 0.1).passes());
        assert!(!figure("library", 1.8001e6, 0.1).passes());
    }

    #[test]
    fn a_count_beside_libcurls_has_none_either() {
        assert!(figure("memory-answer-http", 1.0, 0.95).passes());
        assert!(!figure("memory-answer-http", 1.0, 0.951).passes());
        assert_eq!(figure("memory-answer-http", 1.0, 0.901).aim_met(), Some(false));
    }

    #[test]
    fn what_was_not_measured_is_not_met() {
        let figure = Figure::new("cold-ca", Measured { ours: 1.0, ..Measured::default() });
        assert!(!figure.met() && !figure.passes());
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        for (at, spec) in ALL.iter().enumerate() {
            assert!(ALL[at + 1..].iter().all(|other| other.id != spec.id && other.title != spec.title));
        }
    }
}
