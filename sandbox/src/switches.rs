//! Misbehaviour of the whole sandbox, in every session, whatever its login.

use crate::answer::Reply;
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub(crate) struct Switches {
    pub(crate) refresh_delay: Duration,
    pub(crate) refuse_refresh: bool,
    pub(crate) lose_answers: Losses,
    pub(crate) lose_refreshes: Losses,
    /// Seconds that the clock is ahead.
    pub(crate) clock_skew: i64,
    pub(crate) echo: bool,
}

impl Switches {
    pub(crate) fn on_refresh(&mut self, reply: Reply) -> Reply {
        let reply = self.lose_refreshes.apply(reply);
        if self.refresh_delay.is_zero() { reply } else { reply.late(self.refresh_delay) }
    }

    pub(crate) fn on_call(&mut self, reply: Reply) -> Reply {
        self.lose_answers.apply(reply)
    }
}

/// Which answers get lost: by counting and not by chance, so that tests repeat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Losses {
    percent: u32,
    /// Each answer adds the percentage; a full hundred is one loss.
    sum: u32,
}

impl Losses {
    pub(crate) fn of(percent: u32) -> Self {
        Self { percent: percent.min(100), sum: 0 }
    }

    fn apply(&mut self, reply: Reply) -> Reply {
        self.sum += self.percent;
        if self.sum < 100 {
            return reply;
        }
        self.sum -= 100;
        Reply::lost()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost_of_100(percent: u32) -> Vec<usize> {
        let mut losses = Losses::of(percent);
        let answer = || Reply::Answer(crate::answer::Answer::ok("null".to_owned()));
        (1..=100).filter(|_| matches!(losses.apply(answer()), Reply::Raw(_))).collect()
    }

    #[test]
    fn losses_come_evenly() {
        assert_eq!(lost_of_100(0), [0; 0]);
        assert_eq!(lost_of_100(5), [20, 40, 60, 80, 100]);
        assert_eq!(lost_of_100(30)[..4], [4, 7, 10, 14]);
        assert_eq!(lost_of_100(100).len(), 100);
        assert_eq!(lost_of_100(1000).len(), 100);
    }
}
