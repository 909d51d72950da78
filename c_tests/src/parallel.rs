//! Jobs side by side, as many as there are processors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::report::Report;

/// One report of all jobs, in their order.
pub fn each<T: Sync>(jobs: &[T], work: impl Fn(&T) -> Report + Sync) -> Report {
    some(jobs, thread::available_parallelism().map_or(2, usize::from), work)
}

/// The same for jobs that mostly wait, or are to be in each other's way: all at once.
pub fn all<T: Sync>(jobs: &[T], work: impl Fn(&T) -> Report + Sync) -> Report {
    some(jobs, jobs.len(), work)
}

fn some<T: Sync>(jobs: &[T], workers: usize, work: impl Fn(&T) -> Report + Sync) -> Report {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers.min(jobs.len()) {
            scope.spawn(|| {
                while let Some((index, job)) = jobs.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = work(job);
                    done.lock().expect("no worker panics").push((index, report));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panics");
    done.sort_by_key(|(index, _)| *index);
    let mut all = Report::default();
    for (_, report) in done {
        all.add(report);
    }
    all
}
