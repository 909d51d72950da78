//! The bar chart: ours against libcurl, which is 1, with the floor.

use std::fmt::Write;

use crate::figures::{Basis, Figure, Unit};
use crate::report::Report;

const WIDTH: f64 = 860.0;
/// Where the bars begin, and how long a bar of 1 is.
const LEFT: f64 = 290.0;
const ONE: f64 = 420.0;
const TOP: f64 = 96.0;
const ROW: f64 = 34.0;
const BAR: f64 = 16.0;
/// Longer than libcurl's by this much, a bar is cut.
const LONGEST: f64 = 1.2;

/// Colours that keep their contrast on white and on near-black; the page's scheme chooses.
const STYLE: &str = "\
  .page { fill: #ffffff; stroke: #d0d7de; } .text { fill: #1f2328; } .faint { fill: #59636e; }
  .bar { fill: #1a7f5a; } .axis { stroke: #d0d7de; } .curl { stroke: #bc4c00; } .curl-text { fill: #bc4c00; }
  .range { stroke: #1f2328; } .floor { stroke: #0969da; } .floor-text { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d; } .text { fill: #f0f6fc; } .faint { fill: #9198a1; }
    .bar { fill: #2ea37a; } .axis { stroke: #3d444d; } .curl { stroke: #f0883e; } .curl-text { fill: #f0883e; }
    .range { stroke: #f0f6fc; } .floor { stroke: #58a6ff; } .floor-text { fill: #58a6ff; }
  }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; }
  .title { font-size: 17px; font-weight: 600; } .small { font-size: 11.5px; }";

/// One bar: all of them are costs, so that shorter is better.
struct Bar {
    title: String,
    ours: f64,
    low: f64,
    high: f64,
    floor: Option<f64>,
}

pub fn chart(report: &Report) -> String {
    let bars: Vec<Bar> = report.figures.iter().filter_map(bar).collect();
    let bottom = TOP + ROW * bars.len() as f64;
    let height = bottom + 74.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"t\">\n<title id=\"t\">{}</title>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        escaped(&in_a_sentence(&bars)),
        WIDTH - 1.0,
        height - 1.0
    );
    text(&mut svg, 24.0, 34.0, "text title", "", "What a login and a call cost, libcurl = 1");
    let legend = "shorter is better · bar: libecgrid, with the 95 % range of its median · blue: a bare socket, with OpenSSL for HTTPS";
    text(&mut svg, 24.0, 55.0, "faint small", "", legend);
    for tenth in [0.0, 0.25, 0.5, 0.75] {
        line(&mut svg, "axis", 1.0, (LEFT + tenth * ONE, TOP - 8.0), (LEFT + tenth * ONE, bottom));
        text(&mut svg, LEFT + tenth * ONE, bottom + 16.0, "faint small", "middle", &format!("{tenth}"));
    }
    line(&mut svg, "curl", 1.5, (LEFT + ONE, TOP - 8.0), (LEFT + ONE, bottom));
    text(&mut svg, LEFT + ONE, TOP - 14.0, "curl-text small", "middle", "libcurl");
    text(&mut svg, LEFT + ONE, bottom + 16.0, "curl-text small", "middle", "1");
    for (at, bar) in bars.iter().enumerate() {
        draw(&mut svg, bar, TOP + ROW * at as f64);
    }
    if let Some(floor) = bars.iter().find_map(|bar| bar.floor) {
        text(&mut svg, LEFT + floor.min(LONGEST) * ONE, TOP - 14.0, "floor-text small", "middle", "bare socket");
    }
    let about = &report.about;
    text(&mut svg, 24.0, bottom + 42.0, "faint small", "", &format!("{} · {}", about.date, about.machine));
    text(&mut svg, 24.0, bottom + 59.0, "faint small", "", &about.versions_in_words());
    svg.push_str("</svg>\n");
    svg
}

fn bar(figure: &Figure) -> Option<Bar> {
    let (spec, measured) = (figure.spec, figure.measured);
    let (ratio, curl) = (measured.ratio?, measured.curl?);
    let counted = spec.exact && spec.unit == Unit::Count;
    if spec.basis != Basis::Ratio || counted {
        return None;
    }
    let floor = measured.floor.map(|floor| floor / curl);
    // A rate becomes the time that a login takes.
    let (title, ours, low, high, floor) = match spec.unit {
        Unit::Rate => {
            let title = "time a login, 8 threads, HTTPS".to_owned();
            (title, 1.0 / ratio.median, 1.0 / ratio.high, 1.0 / ratio.low, floor.map(|floor| 1.0 / floor))
        }
        _ => (spec.title.to_owned(), ratio.median, ratio.low, ratio.high, floor),
    };
    Some(Bar { title, ours, low, high, floor })
}

fn draw(svg: &mut String, bar: &Bar, top: f64) {
    let x = |value: f64| LEFT + value.min(LONGEST) * ONE;
    let middle = top + BAR / 2.0;
    text(svg, LEFT - 12.0, middle + 4.5, "text", "end", &bar.title);
    let width = x(bar.ours) - LEFT;
    let _ = writeln!(
        svg,
        "<rect class=\"bar\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\"/>"
    );
    if bar.high > bar.low {
        line(svg, "range", 1.5, (x(bar.low), middle), (x(bar.high), middle));
        for end in [bar.low, bar.high] {
            line(svg, "range", 1.5, (x(end), middle - 3.5), (x(end), middle + 3.5));
        }
    }
    if let Some(floor) = bar.floor {
        line(svg, "floor", 2.5, (x(floor), top - 4.0), (x(floor), top + BAR + 4.0));
    }
    // The number has the end of the line to itself, beyond libcurl's.
    text(svg, WIDTH - 24.0, middle + 4.5, "text", "end", &format!("{:.2}", bar.ours));
}

fn text(svg: &mut String, x: f64, y: f64, class: &str, anchor: &str, words: &str) {
    let anchor = if anchor.is_empty() { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    let words = escaped(words);
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{words}</text>");
}

fn line(svg: &mut String, class: &str, width: f64, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
    let _ = writeln!(
        svg,
        "<line class=\"{class}\" stroke-width=\"{width}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
    );
}

/// For those who hear the page.
fn in_a_sentence(bars: &[Bar]) -> String {
    let parts: Vec<String> = bars.iter().map(|bar| format!("{}: {:.2}", bar.title, bar.ours)).collect();
    format!("libecgrid's cost as a share of libcurl's. {}", parts.join("; "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::about::About;
    use crate::figures::Measured;
    use crate::stats::Estimate;

    fn report() -> Report {
        let ratio = |median: f64| Some(Estimate { median, low: median - 0.1, high: median + 0.1 });
        let measured = |ours, median| Measured { ours, curl: Some(10.0), floor: Some(4.0), ratio: ratio(median) };
        Report {
            about: About { date: "2025-01-31".into(), machine: "A & B <1>".into(), versions: Vec::new() },
            extent: "full",
            pinning: String::new(),
            notes: Vec::new(),
            figures: vec![
                Figure::new("warm-http", measured(5.0, 0.5)),
                Figure::new("syscalls-http", measured(3.0, 0.3)),
                Figure::new("threads-8", measured(16.0, 1.6)),
                Figure::new("cold-ca", measured(50.0, 5.0)),
                Figure::new("syscalls-answer-http", measured(50.0, 5.0)),
            ],
            sizes: None,
        }
    }

    #[test]
    fn ratios_of_what_is_not_counted_become_bars_and_rates_are_turned() {
        let report = report();
        let bars: Vec<Bar> = report.figures.iter().filter_map(bar).collect();
        assert_eq!(bars.len(), 3);
        assert_eq!(bars[1].ours, 1.0 / 1.6);
        assert!(bars[1].low < bars[1].ours && bars[1].ours < bars[1].high);
        assert_eq!(bars[1].floor, Some(2.5));
    }

    #[test]
    fn the_chart_is_well_formed_and_within_its_page() {
        let svg = chart(&report());
        assert!(svg.contains("A &amp; B &lt;1&gt;") && svg.contains("libcurl = 1"));
        assert_eq!(svg.matches("class=\"bar\"").count(), 3);
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        let widths = svg.split(" x2=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<f64>().ok());
        assert!(widths.clone().count() > 5 && widths.clone().all(|x| x < WIDTH));
    }
}
