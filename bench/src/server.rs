//! nginx, for as long as this value lives.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use ecgrid_sandbox::{Authority, Validity};

use crate::answer::{self, Ports};
use crate::parcels;
use crate::programs::{Scene, Trust};

const READY_WITHIN: Duration = Duration::from_secs(10);
/// Between choosing free ports and nginx taking them, somebody else can.
const TRIES: usize = 5;
/// Where Debian keeps the system's own certificates.
const OS_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

pub struct Server {
    child: Child,
    folder: PathBuf,
    ports: Ports,
}

/// What nginx wrote down.
#[derive(Debug, PartialEq, Eq)]
pub struct Resumption {
    pub logins: usize,
    pub resumed: usize,
}

impl Server {
    pub fn start(folder: &Path) -> Result<Self, String> {
        write_certificates(folder).map_err(|error| format!("cannot make the server's certificate: {error}"))?;
        parcels::write_all(folder).map_err(|error| format!("cannot write the large answers: {error}"))?;
        let mut last = String::new();
        for _ in 0..TRIES {
            match Self::attempt(folder) {
                Ok(server) => return Ok(server),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn attempt(folder: &Path) -> Result<Self, String> {
        let ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
        let ports = free_ports(ipv6).map_err(|error| format!("no free port: {error}"))?;
        let file = folder.join("nginx.conf");
        let written = fs::write(&file, answer::configuration(folder, ports, ipv6));
        written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        let said = File::create(folder.join("nginx.said")).map_err(|error| error.to_string())?;
        let mut command = Command::new(program());
        command.arg("-c").arg(&file).arg("-e").arg(folder.join("error.log")).arg("-p").arg(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        // The memory of one large body serves for the next: else clearing it would be most of what nginx does.
        command.envs(["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"].map(|name| (name, "1000000000")));
        // SAFETY: a single system call, which is allowed between fork and exec. nginx ends when we are killed.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let child = command.spawn().map_err(|error| format!("cannot start nginx: {error}"))?;
        let mut server = Self { child, folder: folder.to_owned(), ports };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < READY_WITHIN {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                let said = fs::read_to_string(self.folder.join("nginx.said")).unwrap_or_default();
                return Err(format!("nginx ended: {}", said.trim()));
            }
            if self.connections().is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(10));
        }
        Err(format!("nginx was not ready within {} s", READY_WITHIN.as_secs()))
    }

    /// By name: what a name costs is part of a login.
    pub fn http(&self) -> String {
        format!("http://localhost:{}", self.ports.http)
    }

    pub fn https(&self) -> String {
        format!("https://localhost:{}", self.ports.https)
    }

    /// HTTP and HTTPS, with the throwaway authority for both.
    pub fn both(&self) -> [Scene; 2] {
        [self.http(), self.https()].map(|url| Scene::new(url, Trust::File(self.ca_file())))
    }

    pub fn closing(&self) -> String {
        format!("https://localhost:{}", self.ports.closing)
    }

    pub fn logged(&self) -> String {
        format!("https://localhost:{}", self.ports.logged)
    }

    /// The throwaway authority alone.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The system's bundle with the throwaway authority at its end.
    pub fn os_bundle(&self) -> PathBuf {
        self.folder.join("bundle.pem")
    }

    /// All connections accepted so far, the one that asks this included.
    pub fn connections(&self) -> Result<u64, String> {
        let text = ask(self.ports.status).map_err(|error| format!("nginx does not answer: {error}"))?;
        accepted(&text).ok_or_else(|| format!("not a status of nginx: {text}"))
    }

    /// What was resumed of this many logins, all there were since the last call.
    pub fn resumption(&self, logins: usize) -> Result<Resumption, String> {
        let path = self.folder.join("resumption.log");
        let wrong = |error: io::Error| format!("{}: {error}", path.display());
        let start = Instant::now();
        loop {
            // A login is written down a moment after it was answered.
            let found = resumed(&fs::read_to_string(&path).map_err(wrong)?);
            if found.logins >= logins || start.elapsed() > READY_WITHIN {
                // nginx appends, so it goes on at the new end.
                fs::write(&path, "").map_err(wrong)?;
                return Ok(found);
            }
            sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian's place for it is not in every user's PATH.
pub fn program() -> &'static str {
    let debian = "/usr/sbin/nginx";
    if Path::new(debian).exists() { debian } else { "nginx" }
}

fn write_certificates(folder: &Path) -> io::Result<()> {
    let authority = Authority::new()?;
    let issued = authority.issue(&["localhost", "127.0.0.1"], Validity::Now)?;
    fs::write(folder.join("server.pem"), issued.chain_pem)?;
    fs::write(folder.join("server.key"), issued.key_pem)?;
    fs::write(folder.join("ca.pem"), authority.pem())?;
    let system = fs::read_to_string(OS_BUNDLE)
        .map_err(|error| io::Error::new(error.kind(), format!("{OS_BUNDLE}: {error} (package ca-certificates)")))?;
    fs::write(folder.join("bundle.pem"), format!("{system}\n{}", authority.pem()))
}

/// Each free at both loopback addresses; all are held until the last is found.
fn free_ports(ipv6: bool) -> io::Result<Ports> {
    let (mut ports, mut held) = (Vec::new(), Vec::new());
    while ports.len() < 5 {
        let four = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = four.local_addr()?.port();
        held.push(four);
        if ipv6 {
            let Ok(six) = TcpListener::bind((Ipv6Addr::LOCALHOST, port)) else { continue };
            held.push(six);
        }
        ports.push(port);
    }
    Ok(Ports::of(ports.try_into().expect("five ports")))
}

fn ask(port: u16) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

/// Of stub_status: the first number below `server accepts handled requests`.
fn accepted(text: &str) -> Option<u64> {
    let mut lines = text.lines().skip_while(|line| !line.contains("server accepts handled requests"));
    lines.nth(1)?.split_whitespace().next()?.parse().ok()
}

/// Lines such as `TLSv1.3 r`; a dot for a full handshake.
fn resumed(text: &str) -> Resumption {
    let resumed = text.lines().filter(|line| *line == "TLSv1.3 r").count();
    Resumption { logins: text.lines().count(), resumed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_connections() {
        let text =
            "HTTP/1.1 200 OK\r\n\r\nActive connections: 1 \nserver accepts handled requests\n 12 12 40 \nReading: 0";
        assert_eq!(accepted(text), Some(12));
        assert_eq!(accepted("HTTP/1.1 404 Not Found\r\n\r\n"), None);
    }

    #[test]
    fn only_resumed_tls_13_counts() {
        let text = "TLSv1.3 .\nTLSv1.3 r\nTLSv1.3 r\nTLSv1.2 r\n";
        assert_eq!(resumed(text), Resumption { logins: 4, resumed: 2 });
    }

    #[test]
    fn ports_differ() {
        let Ports { http, https, closing, logged, status } = free_ports(false).unwrap();
        let mut all = vec![http, https, closing, logged, status];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
    }
}
