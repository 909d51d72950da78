//! Ours over libcurl's at the sizes that users have: a table without musts.

use serde_json::{Value, json};

use crate::parcels::SIZES;
use crate::report::aligned;
use crate::stats::Estimate;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Answer,
    Request,
}

struct Row {
    direction: Direction,
    /// HTTP or HTTPS.
    scheme: String,
    /// One for each of the sizes.
    ratios: Vec<Estimate>,
}

#[derive(Default)]
pub struct Sizes {
    rows: Vec<Row>,
}

impl Sizes {
    pub fn push(&mut self, direction: Direction, scheme: &str, ratios: Vec<Estimate>) {
        assert_eq!(ratios.len(), SIZES.len());
        self.rows.push(Row { direction, scheme: scheme.into(), ratios });
        self.rows.sort_by_key(|row| row.direction as usize);
    }

    pub fn table(&self) -> String {
        let mut rows = vec![head()];
        rows.extend(self.rows.iter().map(|row| {
            let title = match row.direction {
                Direction::Answer => format!("answer: call, look-up, free, {}", row.scheme),
                Direction::Request => format!("request: call, free, {}", row.scheme),
            };
            let mut cells: [String; 1 + SIZES.len()] = Default::default();
            cells[0] = title;
            for (cell, ratio) in cells[1..].iter_mut().zip(&row.ratios) {
                *cell = format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high);
            }
            cells
        }));
        aligned(&rows, &[1, 2, 3, 4, 5])
    }

    pub fn json(&self) -> Value {
        let rows = self.rows.iter().flat_map(|row| {
            SIZES.iter().zip(&row.ratios).map(|(size, ratio)| {
                json!({
                    "what": match row.direction { Direction::Answer => "answer", Direction::Request => "request" },
                    "scheme": row.scheme,
                    "bytes": size,
                    "ratio": {"median": ratio.median, "low": ratio.low, "high": ratio.high},
                })
            })
        });
        rows.collect()
    }
}

fn head() -> [String; 1 + SIZES.len()] {
    let mut head: [String; 1 + SIZES.len()] = Default::default();
    head[0] = "ours over libcurl's (95 %)".into();
    for (cell, size) in head[1..].iter_mut().zip(SIZES) {
        *cell = told(size);
    }
    head
}

fn told(size: usize) -> String {
    if size < 1_000_000 { format!("{} KB", size / 1_000) } else { format!("{} MB", size / 1_000_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> Sizes {
        let ratios = |first: f64| {
            let all = (0..SIZES.len()).map(|at| first + at as f64 / 10.0);
            all.map(|median| Estimate { median, low: median - 0.05, high: median + 0.05 }).collect()
        };
        let mut sizes = Sizes::default();
        sizes.push(Direction::Request, "HTTP", ratios(0.5));
        sizes.push(Direction::Answer, "HTTP", ratios(0.3));
        sizes
    }

    #[test]
    fn answers_come_before_requests_and_each_size_has_its_column() {
        let table = sizes().table();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3);
        let order = ["10 KB", "100 KB", "1 MB", "5 MB", "40 MB"].map(|size| lines[0].find(size).unwrap());
        assert!(order.is_sorted(), "{}", lines[0]);
        assert!(lines[1].starts_with("answer") && lines[1].contains("0.30 (0.25 to 0.35)"), "{}", lines[1]);
        assert!(lines[2].starts_with("request") && lines[2].ends_with("0.90 (0.85 to 0.95)"), "{}", lines[2]);
    }

    #[test]
    fn the_document_has_every_cell() {
        let json = sizes().json();
        let cells = json.as_array().unwrap();
        assert_eq!(cells.len(), 2 * SIZES.len());
        assert_eq!((&cells[0]["what"], &cells[0]["bytes"]), (&json!("answer"), &json!(10_000)));
        assert_eq!(cells[9]["ratio"]["median"], 0.9);
    }
}
