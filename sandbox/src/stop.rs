//! When to stop: a signal, or the end of standard input.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(100);

pub struct Stop(Receiver<()>);

impl Stop {
    /// Signals are caught from here on.
    pub fn listen() -> io::Result<Self> {
        let (tell, told) = channel();
        catch_signals(tell.clone())?;
        if worth_watching() {
            std::thread::Builder::new().spawn(move || watch_stdin(&tell))?;
        }
        Ok(Self(told))
    }

    pub fn wait(self) {
        // An error means that nobody is left to say stop, which comes to the same.
        let _ = self.0.recv();
    }
}

/// A pipe, a socket or a terminal ends with the one who started us; /dev/null and files end at once, which says nothing.
fn worth_watching() -> bool {
    if io::stdin().is_terminal() { in_foreground() } else { stdin_is_pipe() }
}

fn watch_stdin(tell: &Sender<()>) {
    let mut ignored = [0; 256];
    loop {
        match io::stdin().read(&mut ignored) {
            Ok(0) => break,
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            // The other end made the pipe non-blocking, for both of us.
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
            Err(_) => break,
        }
    }
    let _ = tell.send(());
}

fn catch_signals(tell: Sender<()>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let signals = {
        let _inside = runtime.enter();
        signals()?
    };
    std::thread::Builder::new().spawn(move || {
        runtime.block_on(signals);
        let _ = tell.send(());
    })?;
    Ok(())
}

/// Caught from the call on; the future ends with the first.
#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = hangup.recv() => {}
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// A background job that reads its terminal is stopped by the system.
#[cfg(unix)]
fn in_foreground() -> bool {
    rustix::termios::tcgetpgrp(io::stdin()).is_ok_and(|group| group == rustix::process::getpgrp())
}

#[cfg(windows)]
fn in_foreground() -> bool {
    true
}

#[cfg(unix)]
fn stdin_is_pipe() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let stdin = io::stdin().as_fd().try_clone_to_owned();
    let kind = stdin.and_then(|fd| std::fs::File::from(fd).metadata());
    kind.is_ok_and(|kind| kind.file_type().is_fifo() || kind.file_type().is_socket())
}

#[cfg(windows)]
fn stdin_is_pipe() -> bool {
    use std::os::windows::io::{AsRawHandle, RawHandle};
    #[link(name = "kernel32")]
    unsafe extern "system" {
        safe fn GetFileType(handle: RawHandle) -> u32;
    }
    const FILE_TYPE_PIPE: u32 = 3;
    GetFileType(io::stdin().as_raw_handle()) == FILE_TYPE_PIPE
}
