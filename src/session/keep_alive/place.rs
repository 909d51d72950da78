//! Sessions that are kept alive, and the thread that looks at each when it is due.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Weak};

use super::roster::{Next, Roster};
use crate::per_process::PerProcess;
use crate::{platform, standalone};

static ROSTER: PerProcess<Roster<Weak<dyn Attended>>> = PerProcess::new();

/// What is looked at while nobody calls.
pub trait Attended: Send + Sync {
    /// Asks for the token as a call does, and so refreshes one that is due. When to do so again, if ever.
    fn attend(self: Arc<Self>) -> Next;
}

/// A session's place among those that are kept alive.
pub struct Place {
    roster: &'static Roster<Weak<dyn Attended>>,
    number: u64,
}

impl Place {
    /// One for a session that is about to be opened, with a thread that watches.
    pub fn enter() -> io::Result<Self> {
        let roster = ROSTER.get();
        let number = roster.enter(|| platform::spawn("ecgrid-alive", Box::new(move || watch(roster))))?;
        Ok(Self { roster, number })
    }

    /// The session is open.
    pub fn seat(&self, session: Arc<dyn Attended>) {
        self.roster.seat(self.number, Arc::downgrade(&session));
    }

    /// A flight has ended, and the token may be another.
    pub fn look_soon(&self) {
        self.roster.look_soon(self.number);
    }

    pub fn leave(&self) {
        self.roster.leave(self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // In a forked child its lock may be held by a thread that is not there.
        if ptr::eq(self.roster, ROSTER.get()) {
            self.leave();
        }
    }
}

fn watch(roster: &Roster<Weak<dyn Attended>>) {
    let _quiet = standalone::quiet();
    while let Some(due) = roster.wait(platform::steady_clock) {
        for (number, session) in due {
            let look = || session.upgrade().map_or(Next::Never, |session| session.attend());
            // One session's bug is not to end the others.
            let next = catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|panic| {
                std::mem::forget(panic);
                Next::Never
            });
            roster.looked(number, next);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::{Duration, Instant};

    use crate::client::Client;
    use crate::session::Session;
    use crate::settings::config::Config;

    /// A server that grants a token, refuses to refresh it, and refuses the login that follows for an hour. Its address.
    fn busy_server() -> String {
        const TOKEN: &str = r#"{"success":true,"data":{"token":"t1","userId":1}}"#;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for (head, body) in
                [("200 OK", TOKEN), ("401 Unauthorized", ""), ("429 Too Many Requests\r\nRetry-After: 3600", "")]
            {
                let mut stream = listener.accept().unwrap().0;
                let _ = stream.read(&mut [0; 4096]);
                write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                    .unwrap();
            }
        });
        address
    }

    fn wait_for_thread(is_there: bool) {
        let tasks = || fs::read_dir("/proc/self/task").unwrap().flatten();
        let names = || tasks().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        let begun = Instant::now();
        while names().any(|name| name.trim() == "ecgrid-alive") != is_there {
            assert!(begun.elapsed() < Duration::from_secs(10), "the thread is there: {}", !is_there);
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_logout_while_the_next_login_has_to_wait_ends_the_thread() {
        let mut config = Config::default();
        config.set_base_url(&busy_server()).unwrap();
        config.set_keep_password(1).unwrap();
        config.set_keep_alive(1).unwrap();
        let session = Session::login(&Client::new(&config).unwrap(), "anna", "secret").unwrap();
        assert_eq!(session.refresh().unwrap_err().http_status, 429);
        wait_for_thread(true);
        session.log_out().unwrap();
        wait_for_thread(false);
    }
}
