//! The bound on lookups that hang, which is the process's: no other test may run beside it.

mod common;
#[path = "common/names.rs"]
mod names;

use std::thread;

use common::Config;
use names::{lookups, release, set};

#[test]
fn lookups_that_hang_are_bounded() {
    let names: Vec<String> = (0..24).map(|number| format!("stuck-{number}.test")).collect();
    names.iter().for_each(|name| set(name, None));
    let failures: Vec<_> = thread::scope(|scope| {
        let calls: Vec<_> = names
            .iter()
            .map(|name| {
                scope.spawn(move || {
                    Config::new(&format!("https://{name}")).max_attempts(1).timeout(400).client().failure_as("any")
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let refused = failures.iter().filter(|failure| failure.message.contains("lookups hang already")).count();
    let started: usize = names.iter().map(|name| lookups(name)).sum();
    names.iter().for_each(|name| release(name));
    assert!(started <= 16 && started + refused == 24, "{started} started, {refused} refused");
}
