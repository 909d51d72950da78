//! Misbehaviour of the whole sandbox, in every session, whatever its login.

use crate::answer::Reply;
use crate::trouble::Troubles;
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
    /// How many parcels a list of pending ones shows.
    pub(crate) pending_page: Option<usize>,
    /// A parcel is pending no more once it was downloaded.
    pub(crate) download_transfers: bool,
    /// How long after an upload the outbox list shows it.
    pub(crate) outbox_delay: Duration,
    pub(crate) shape: Shape,
    /// Lists do not tell when a parcel was created or modified.
    pub(crate) no_times: bool,
    pub(crate) troubles: Troubles,
}

/// Which of ECGrid's pages the answers about parcels follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// The sandbox's own: most of what any page has.
    #[default]
    Usual,
    /// The reference: an upload answers a bare number.
    Reference,
    /// The guides: `size`, `parcelID`, a confirmation with its status, the content first, `contentEncoding`.
    Guide,
    /// The samples: an upload answers the id alone, and lists have their totals beside `data`.
    Samples,
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
