//! Medians, and how far they can be trusted.

/// What was measured in pairs, a ratio or a difference: its median and the 95 % range of that median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Round by round: what disturbs a round disturbs both, and cancels.
pub fn paired_ratio(ours: &[f64], theirs: &[f64]) -> Estimate {
    paired(ours, theirs, |ours, theirs| ours / theirs)
}

/// How much more ours is, round by round.
pub fn paired_difference(ours: &[f64], theirs: &[f64]) -> Estimate {
    paired(ours, theirs, |ours, theirs| ours - theirs)
}

fn paired(ours: &[f64], theirs: &[f64], compare: fn(f64, f64) -> f64) -> Estimate {
    let all: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| compare(*ours, *theirs)).collect();
    let (low, high) = median_range(&all);
    Estimate { median: median(&all), low, high }
}

/// The 95 % range of the median by order statistics, which assumes nothing of the distribution. Fewer than six
/// values cannot give that much: then it is the smallest and the largest.
fn median_range(values: &[f64]) -> (f64, f64) {
    let sorted = sorted(values);
    let Some(last) = sorted.len().checked_sub(1) else { return (f64::NAN, f64::NAN) };
    let outside = ranks_outside(sorted.len());
    (sorted[outside], sorted[last - outside])
}

/// How many of the sorted values may be left out on either side, each with a chance of at most 2.5 %.
fn ranks_outside(count: usize) -> usize {
    // Of a binomial distribution with p = 1/2: the chance of k values below the median, summed up.
    let mut chance = 0.5f64.powi(count as i32);
    let (mut sum, mut outside) = (chance, 0);
    for k in 0..count / 2 {
        chance *= (count - k) as f64 / (k + 1) as f64;
        sum += chance;
        if sum > 0.025 {
            break;
        }
        outside = k + 1;
    }
    outside
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn ranks_are_those_of_the_sign_tests_tables() {
        // Ranks from 1 are one more: n = 10 gives the 2nd, n = 20 the 6th, n = 50 the 18th, n = 100 the 40th.
        for (count, outside) in [(1, 0), (5, 0), (6, 0), (9, 1), (10, 1), (20, 5), (50, 17), (100, 39)] {
            assert_eq!(ranks_outside(count), outside, "{count}");
        }
    }

    #[test]
    fn a_disturbed_round_cancels_in_the_ratio() {
        let ratio = paired_ratio(&[10.0, 90.0, 11.0], &[20.0, 180.0, 20.0]);
        assert_eq!(ratio.median, 0.5);
        assert_eq!((ratio.low, ratio.high), (0.5, 0.55));
    }

    #[test]
    fn a_slow_machine_cancels_in_the_difference() {
        let over = paired_difference(&[12.0, 102.0, 13.0], &[10.0, 100.0, 10.0]);
        assert_eq!(over, Estimate { median: 2.0, low: 2.0, high: 3.0 });
    }

    #[test]
    fn outliers_do_not_widen_the_range() {
        let mut ours = vec![1.0; 20];
        ours[3] = 100.0;
        ours[7] = 0.01;
        assert_eq!(paired_ratio(&ours, &[2.0; 20]), Estimate { median: 0.5, low: 0.5, high: 0.5 });
    }
}
