//! A run's outcome: the table for people, the JSON document, and what the gate stops.

use serde_json::{Map, Value, json};

use super::{MUST_OVER_C, MUST_RATIO, Row, callers};
use crate::about::About;
use crate::figures::{MARGIN, Unit};
use crate::report::{aligned, in_words};
use crate::stats::Estimate;

pub struct Report {
    pub about: About,
    /// Such as quick.
    pub extent: &'static str,
    pub pinning: String,
    pub rows: Vec<Row>,
    pub callers: Vec<callers::Row>,
}

const HEAD: [&str; 9] =
    ["warm login, p50", "binding", "over C (95 %)", "", "usual way", "ratio (95 %)", "", "bytes a login", "usual way"];

const NOTES: [&str; 3] = [
    "usual way: Java's HttpClient and Jackson; .NET's HttpClient and System.Text.Json; all kept alive",
    "bytes: allocated on the managed heap by a login, of all threads; - where the runtime does not tell, or has none",
    callers::NOTE,
];

impl Report {
    pub fn table(&self) -> String {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.rows.iter().map(Row::cells));
        let notes: Vec<String> = NOTES.iter().map(|note| (*note).to_owned()).chain(self.out_of_reach()).collect();
        format!(
            "{}, {}\n{}\n{}\n\n{}\n{}\n{}\n",
            self.about.date,
            self.about.machine,
            self.about.versions_in_words(),
            self.pinning,
            aligned(&rows, &[1, 2, 4, 5, 7, 8]),
            callers::table(&self.callers),
            notes.join("\n")
        )
    }

    pub fn json(&self) -> Value {
        let versions: Map<String, Value> =
            self.about.versions.iter().map(|(name, version)| (name.to_string(), version.as_str().into())).collect();
        json!({
            "date": self.about.date,
            "machine": self.about.machine,
            "versions": versions,
            "extent": self.extent,
            "pinning": self.pinning,
            "notes": NOTES,
            "rows": self.rows.iter().map(Row::object).collect::<Vec<_>>(),
            "callers": self.callers.iter().map(callers::Row::object).collect::<Vec<_>>(),
        })
    }

    /// What no binding could meet on this machine, a line each.
    fn out_of_reach(&self) -> impl Iterator<Item = String> {
        self.rows.iter().filter_map(|row| {
            let least = row.least_ratio.filter(|least| least.median > MUST_RATIO)?;
            Some(format!("{}: a bare socket already takes {:.2} of the usual way's time", row.title(), least.median))
        })
    }

    /// What the gate does not let pass, a line each.
    pub fn missed(&self) -> Vec<String> {
        self.rows.iter().flat_map(Row::missed).chain(self.callers.iter().flat_map(callers::Row::missed)).collect()
    }
}

impl Row {
    fn title(&self) -> String {
        format!("{}, {}", self.runtime, if self.https { "HTTPS" } else { "HTTP" })
    }

    fn cells(&self) -> [String; 9] {
        let none = || "-".to_owned();
        let time = |value: f64| in_words(Unit::Time, value);
        let verdict = |met: Option<bool>, must: &str| {
            met.map_or(String::new(), |met| format!("{must} {}", if met { "met" } else { "MISSED" }))
        };
        let bytes = |value: Option<f64>| value.map_or_else(none, |value| format!("{value:.0}"));
        let over = |over: Estimate| {
            let [median, low, high] = [over.median, over.low, over.high].map(|ns| ns / 1e3);
            format!("{median:+.1} µs ({low:+.1} to {high:+.1})")
        };
        let share = |ratio: Estimate| format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high);
        [
            self.title(),
            time(self.binding),
            self.over_c.map_or_else(none, over),
            verdict(self.over_c_met(), &format!("≤ {:.0} µs", MUST_OVER_C / 1e3)),
            self.usual.map_or_else(none, time),
            self.ratio.map_or_else(none, share),
            verdict(self.ratio_met(), &format!("≤ {MUST_RATIO:.2}")),
            bytes(self.bytes[0]),
            bytes(self.bytes[1]),
        ]
    }

    fn object(&self) -> Value {
        let estimate = |value: Option<Estimate>, must: f64, met: Option<bool>| {
            value.map(
                |value| json!({"median": value.median, "low": value.low, "high": value.high, "must": must, "met": met}),
            )
        };
        json!({
            "id": format!("{}-{}", self.id, if self.https { "https" } else { "http" }),
            "runtime": self.runtime,
            "binding_ns": self.binding,
            "over_c_ns": estimate(self.over_c, MUST_OVER_C, self.over_c_met()),
            "usual_ns": self.usual,
            "least_ratio": self.least_ratio.map(|least| least.median),
            "ratio": estimate(self.ratio, MUST_RATIO, self.ratio_met()),
            "binding_bytes": self.bytes[0],
            "usual_bytes": self.bytes[1],
        })
    }

    fn missed(&self) -> Vec<String> {
        let over = self.over_c.filter(|over| over.median > MUST_OVER_C * (1.0 + MARGIN));
        let over = over.map(|over| format!("{:.1} µs over C, ≤ {:.0}", over.median / 1e3, MUST_OVER_C / 1e3));
        let ratio = self.ratio.filter(|ratio| ratio.median > MUST_RATIO * (1.0 + MARGIN));
        let ratio = ratio.map(|ratio| format!("{:.3} of the usual way's time, ≤ {MUST_RATIO:.2}", ratio.median));
        [over, ratio].into_iter().flatten().map(|what| format!("{}: {what}", self.title())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(over: f64, ratio: f64) -> Report {
        let around = |median: f64, by: f64| Some(Estimate { median, low: median - by, high: median + by });
        let c = Row {
            id: "c",
            runtime: "C".into(),
            https: false,
            binding: 20_000.0,
            over_c: None,
            usual: None,
            ratio: None,
            least_ratio: None,
            bytes: [None, None],
        };
        let java = Row {
            id: "java",
            runtime: "Java 17".into(),
            https: true,
            binding: 20_000.0 + over,
            over_c: around(over, 500.0),
            usual: Some(90_000.0),
            ratio: around(ratio, 0.01),
            least_ratio: around(ratio - 0.1, 0.01),
            bytes: [Some(1320.4), Some(26_000.0)],
        };
        let about = About { date: "2025-01-31".into(), machine: "CPU, 2 cores".into(), versions: Vec::new() };
        Report { about, extent: "full", pinning: "pinned".into(), rows: vec![c, java], callers: Vec::new() }
    }

    #[test]
    fn the_table_says_what_is_met() {
        let table = report(6_000.0, 0.29).table();
        let java = table.lines().find(|line| line.starts_with("Java 17, HTTPS")).unwrap();
        assert!(java.contains("26.0 µs  +6.0 µs (+5.5 to +6.5)  ≤ 5 µs MISSED"), "{java}");
        assert!(
            java.contains("90.0 µs  0.29 (0.28 to 0.30)  ≤ 0.50 met") && java.ends_with("1320      26000"),
            "{java}"
        );
        let c = table.lines().find(|line| line.starts_with("C, HTTP")).unwrap();
        assert!(c.contains("20.0 µs") && !c.contains("met"), "{c}");
        assert!(!table.contains("bare socket"));
    }

    #[test]
    fn what_a_bare_socket_could_not_do_is_said() {
        assert!(
            report(1_000.0, 0.65)
                .table()
                .ends_with("Java 17, HTTPS: a bare socket already takes 0.55 of the usual way's time\n")
        );
    }

    #[test]
    fn the_document() {
        let json = report(2_000.0, 0.6).json();
        assert_eq!(json["rows"][0]["over_c_ns"], Value::Null);
        let java = &json["rows"][1];
        assert_eq!((&java["id"], &java["over_c_ns"]["met"]), (&"java-https".into(), &true.into()));
        assert_eq!((&java["ratio"]["must"], &java["ratio"]["met"]), (&0.5.into(), &false.into()));
    }

    #[test]
    fn the_gate_has_a_margin() {
        assert!(report(5_400.0, 0.54).missed().is_empty());
        assert_eq!(
            report(5_600.0, 0.56).missed(),
            ["Java 17, HTTPS: 5.6 µs over C, ≤ 5", "Java 17, HTTPS: 0.560 of the usual way's time, ≤ 0.50"]
        );
    }
}
