//! Which core does what, and what this machine is.

use std::fs;
use std::io;

/// Where nginx runs, and a core apart from it; None when there is only one to choose.
#[derive(Clone, Copy)]
pub struct Cores {
    pub server: usize,
    pub spare: usize,
}

impl Cores {
    pub fn choose() -> Option<Self> {
        let allowed = allowed();
        let siblings = |core: usize| {
            let path = format!("/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list");
            numbers(&fs::read_to_string(path).unwrap_or_default())
        };
        apart(&allowed, &siblings(*allowed.first()?)).map(|(spare, server)| Self { server, spare })
    }

    /// A single caller waits for each answer, so it shares the server's core. On another one, each side's sleep and
    /// wake-up would be most of its time: 40 of 55 µs on a virtual machine, the same for everybody and never steady.
    pub fn together(self) -> Result<(), String> {
        pin_or_say(self.server)
    }

    /// Many threads keep the server busy, so nobody sleeps: there what the clients can do has a core of its own.
    pub fn apart(self) -> Result<(), String> {
        pin_or_say(self.spare)
    }

    /// Threads that only compute, and might get into each other's way, are dealt out to both: 8 are 4 on each.
    pub fn both(self) -> [usize; 2] {
        [self.spare, self.server]
    }

    /// The line that says so.
    pub fn told(cores: Option<Self>) -> String {
        match cores {
            Some(Self { server, spare }) => format!(
                "pinned: nginx and any single caller to core {server}, so that times are work and not the waking of \
                 idle cores; 8 threads that log in to core {spare}, apart from nginx; 8 that read tokens, 4 to each"
            ),
            None => "pinned: nothing, as there is one core for server and clients".into(),
        }
    }
}

fn pin_or_say(core: usize) -> Result<(), String> {
    pin(core).map_err(|error| format!("cannot pin to core {core}: {error}"))
}

/// The first core, and the first after it that is not the same core's other thread, if there is one.
fn apart(allowed: &[usize], siblings: &[usize]) -> Option<(usize, usize)> {
    let (&first, rest) = allowed.split_first()?;
    let other = rest.iter().find(|core| !siblings.contains(core)).or(rest.first())?;
    Some((first, *other))
}

/// `0-1,4` as the kernel writes lists.
fn numbers(list: &str) -> Vec<usize> {
    let ranges = list.trim().split(',').filter_map(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some(from.parse().ok()?..=to.parse().ok()?)
    });
    ranges.flatten().collect()
}

fn allowed() -> Vec<usize> {
    // SAFETY: all zeros is an empty set, and the kernel writes no more than the size it is told.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        if libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) != 0 {
            return Vec::new();
        }
        (0..libc::CPU_SETSIZE as usize).filter(|&core| libc::CPU_ISSET(core, &set)).collect()
    }
}

/// This thread and what it starts from now on. One system call, so allowed between fork and exec.
pub fn pin(core: usize) -> io::Result<()> {
    // SAFETY: as above; CPU_SET stays within the set for any core that `allowed` named.
    let done = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Such as "AMD EPYC 9754, 2 cores".
pub fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let (model, cores) = of_cpuinfo(&text);
    let plural = if cores == 1 { "core" } else { "cores" };
    format!("{}, {cores} {plural}", model.unwrap_or(std::env::consts::ARCH))
}

fn of_cpuinfo(text: &str) -> (Option<&str>, usize) {
    let value = |line: &str, name: &str| line.split(':').next().is_some_and(|key| key.trim() == name);
    let model = text.lines().find(|line| value(line, "model name")).and_then(|line| line.split_once(": "));
    let cores = text.lines().filter(|line| value(line, "processor")).count();
    (model.map(|(_, name)| name.trim()), cores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_and_clients_are_on_cores_of_their_own() {
        assert_eq!(apart(&[0, 1, 2, 3], &[0, 1]), Some((0, 2)));
        assert_eq!(apart(&[0, 1], &[0]), Some((0, 1)));
        assert_eq!(apart(&[4, 5], &[4, 5]), Some((4, 5)));
        assert_eq!(apart(&[3], &[3]), None);
        assert_eq!(apart(&[], &[]), None);
    }

    #[test]
    fn lists_of_the_kernel() {
        assert_eq!(numbers("0-2,8\n"), [0, 1, 2, 8]);
        assert_eq!(numbers("5"), [5]);
        assert!(numbers("").is_empty());
    }

    #[test]
    fn the_machine() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n\nprocessor\t: 1\nmodel name\t: Some CPU @ 3 GHz\n";
        assert_eq!(of_cpuinfo(text), (Some("Some CPU @ 3 GHz"), 2));
        assert_eq!(of_cpuinfo("processor : 0\nBogoMIPS : 1\n"), (None, 1));
    }
}
