//! A run's outcome: the table for people, and the JSON document.

use serde_json::{Value, json};

use crate::about::About;
use crate::figures::{Basis, Bound, Figure, Unit};
use crate::large::sizes::Sizes;

pub struct Report {
    pub about: About,
    /// Such as quick.
    pub extent: &'static str,
    pub pinning: String,
    pub notes: Vec<String>,
    pub figures: Vec<Figure>,
    pub sizes: Option<Sizes>,
}

const HEAD: [&str; 8] = ["", "ours", "libcurl", "floor", "ratio (95 %)", "must", "", "aim"];

impl Report {
    pub fn table(&self) -> String {
        let mut rows = vec![HEAD.map(str::to_owned)];
        rows.extend(self.figures.iter().map(row));
        let mut text = format!(
            "{}, {}\n{}\n{}\n\n{}\n",
            self.about.date,
            self.about.machine,
            self.about.versions_in_words(),
            self.pinning,
            aligned(&rows, &[1, 2, 3, 4])
        );
        if let Some(sizes) = &self.sizes {
            text.push_str(&format!("{}\n", sizes.table()));
        }
        for note in &self.notes {
            text.push_str(&format!("{note}\n"));
        }
        text
    }

    pub fn json(&self) -> Value {
        let versions: serde_json::Map<String, Value> =
            self.about.versions.iter().map(|(name, version)| (name.to_string(), version.as_str().into())).collect();
        json!({
            "date": self.about.date,
            "machine": self.about.machine,
            "versions": versions,
            "extent": self.extent,
            "pinning": self.pinning,
            "notes": self.notes,
            "figures": self.figures.iter().map(object).collect::<Vec<_>>(),
            "sizes": self.sizes.as_ref().map(Sizes::json),
        })
    }

    /// What the gate does not let pass, a line each.
    pub fn missed(&self) -> Vec<String> {
        let failed = self.figures.iter().filter(|figure| !figure.passes());
        failed.map(|figure| format!("{}: {} {}", figure.spec.title, judged(figure), must(figure))).collect()
    }
}

fn row(figure: &Figure) -> [String; 8] {
    let (measured, spec) = (figure.measured, figure.spec);
    let shown = |value: Option<f64>| value.map_or("-".into(), |value| in_words(spec.unit, value));
    let ratio = measured.ratio.map_or("-".into(), |ratio| match ratio.low == ratio.high {
        true => format!("{:.2}", ratio.median),
        false => format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high),
    });
    let verdict = if figure.met() { "met" } else { "MISSED" };
    let aim = match figure.aim_met() {
        None => "-".to_owned(),
        Some(met) => format!("{} {}", bound(figure, spec.aim.unwrap_or(f64::NAN)), if met { "met" } else { "not yet" }),
    };
    [
        spec.title.into(),
        shown(Some(measured.ours)),
        shown(measured.curl),
        shown(measured.floor),
        ratio,
        must(figure),
        verdict.into(),
        aim,
    ]
}

fn object(figure: &Figure) -> Value {
    let (spec, measured) = (figure.spec, figure.measured);
    let (must, least) = match spec.must {
        Bound::AtMost(value) => (value, false),
        Bound::AtLeast(value) => (value, true),
    };
    json!({
        "id": spec.id,
        "title": spec.title,
        "unit": match spec.unit { Unit::Time => "ns", Unit::Bytes => "bytes", Unit::Count => "count", Unit::Rate => "per second" },
        "ours": measured.ours,
        "libcurl": measured.curl,
        "floor": measured.floor,
        "ratio": measured.ratio.map(|ratio| json!({"median": ratio.median, "low": ratio.low, "high": ratio.high})),
        "bound_is_on": match spec.basis { Basis::Value => "ours", Basis::Ratio | Basis::OverOneThread => "ratio" },
        "ratio_to": match spec.basis { Basis::OverOneThread => "one thread", Basis::Ratio | Basis::Value => "libcurl" },
        "bound": if least { "at least" } else { "at most" },
        "must": must,
        "met": figure.met(),
        "aim": spec.aim,
        "aim_met": figure.aim_met(),
    })
}

fn must(figure: &Figure) -> String {
    match figure.spec.must {
        Bound::AtMost(value) | Bound::AtLeast(value) => bound(figure, value),
    }
}

fn bound(figure: &Figure, value: f64) -> String {
    let sign = match figure.spec.must {
        Bound::AtMost(_) => "≤",
        Bound::AtLeast(_) => "≥",
    };
    match (figure.spec.basis, figure.spec.unit) {
        (Basis::Ratio | Basis::OverOneThread, _) => format!("{sign} {value:.2}"),
        (Basis::Value, Unit::Count) => format!("{sign} {value:.0}"),
        (Basis::Value, unit) => format!("{sign} {}", in_words(unit, value)),
    }
}

fn judged(figure: &Figure) -> String {
    match figure.spec.basis {
        Basis::Ratio => format!("{:.3} of libcurl's,", figure.judged()),
        Basis::OverOneThread => format!("{:.3} of one thread's,", figure.judged()),
        Basis::Value => format!("{},", in_words(figure.spec.unit, figure.judged())),
    }
}

pub fn in_words(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Time if value < 100.0 => format!("{value:.2} ns"),
        Unit::Time if value < 1e3 => format!("{value:.0} ns"),
        Unit::Time if value < 1e6 => format!("{:.1} µs", value / 1e3),
        Unit::Time => format!("{:.2} ms", value / 1e6),
        Unit::Bytes if value < 1e6 => format!("{:.0} KB", value / 1e3),
        Unit::Bytes => format!("{:.2} MB", value / 1e6),
        Unit::Count if value >= 1e7 => format!("{:.1} M", value / 1e6),
        Unit::Count if value >= 10_000.0 => format!("{:.1} k", value / 1e3),
        // A difference of counts may be a hair below 0.
        Unit::Count => format!("{:.2}", value.max(0.0)),
        Unit::Rate if value >= 1e6 => format!("{:.1} M/s", value / 1e6),
        Unit::Rate => format!("{value:.0}/s"),
    }
}

/// Columns as wide as their widest cell; text to the left, numbers to the right.
pub fn aligned<const N: usize>(rows: &[[String; N]], numbers: &[usize]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| match numbers.contains(&column) {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Measured;
    use crate::stats::Estimate;

    fn report() -> Report {
        let ratio = Some(Estimate { median: 0.9, low: 0.85, high: 0.95 });
        let warm = Measured { ours: 45_000.0, curl: Some(50_000.0), floor: Some(30_000.0), ratio };
        let calls = Measured { ours: 3.0, curl: Some(7.0), floor: Some(2.0), ratio: None };
        Report {
            about: About {
                date: "2025-01-31".into(),
                machine: "CPU, 2 cores".into(),
                versions: vec![("nginx", "1".into())],
            },
            extent: "full",
            pinning: "pinned".into(),
            notes: vec!["note".into()],
            figures: vec![Figure::new("warm-http", warm), Figure::new("syscalls-http", calls)],
            sizes: None,
        }
    }

    #[test]
    fn the_table_says_what_is_met() {
        let table = report().table();
        let line = |word: &str| table.lines().find(|line| line.starts_with(word)).unwrap().to_owned();
        let warm = line("warm login");
        assert!(warm.contains("45.0 µs") && warm.contains("0.90 (0.85 to 0.95)") && warm.contains("≤ 0.80"), "{warm}");
        assert!(warm.contains("MISSED") && warm.ends_with("≤ 0.60 not yet"), "{warm}");
        let calls = line("system calls");
        assert!(calls.contains("3.00     7.00     2.00") && calls.ends_with("met     ≤ 3 met"), "{calls}");
    }

    #[test]
    fn the_gate_names_what_it_stops() {
        assert_eq!(report().missed(), ["warm login, HTTP, p50: 0.900 of libcurl's, ≤ 0.80"]);
    }

    #[test]
    fn the_document() {
        let json = report().json();
        assert_eq!(json["figures"][0]["ratio"]["low"], 0.85);
        assert_eq!(json["figures"][0]["met"], false);
        assert_eq!(json["figures"][1]["must"], 3.0);
        assert_eq!(json["figures"][1]["ratio"], Value::Null);
    }

    #[test]
    fn values_in_words() {
        assert_eq!(in_words(Unit::Time, 1.234), "1.23 ns");
        assert_eq!(in_words(Unit::Time, 150.0), "150 ns");
        assert_eq!(in_words(Unit::Time, 2_340_000.0), "2.34 ms");
        assert_eq!(in_words(Unit::Bytes, 1.7e6), "1.70 MB");
        assert_eq!(in_words(Unit::Bytes, 262_144.0), "262 KB");
        assert_eq!(in_words(Unit::Count, 123_456.0), "123.5 k");
        assert_eq!(in_words(Unit::Rate, 34_560_000.0), "34.6 M/s");
    }
}
