//! Proxies: one that opens tunnels, one that refuses and repeats the credentials, one that hangs up.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

#[derive(Clone, Copy)]
pub enum Manner {
    Open,
    Refuse,
    Die,
}

/// Serves until the runner ends; answers `host:port`.
pub fn start(manner: Manner) -> Result<String, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            thread::spawn(move || serve(socket, manner));
        }
    });
    Ok(address.to_string())
}

fn serve(mut client: TcpStream, manner: Manner) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    match manner {
        Manner::Die => Ok(()),
        Manner::Refuse => {
            let told = head.replace("\r\n", " ");
            let length = head.len();
            client.write_all(
                format!("HTTP/1.1 407 you said {told}\r\nX-Told: {told}\r\nContent-Length: {length}\r\n\r\n{head}")
                    .as_bytes(),
            )
        }
        Manner::Open => {
            let target = head.split(' ').nth(1).unwrap_or_default();
            // Only ever this machine.
            let port = target.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(0);
            let mut server = TcpStream::connect(("127.0.0.1", port))?;
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
            thread::spawn(move || pipe(&mut from_server, &mut to_client));
            pipe(&mut client, &mut server);
            Ok(())
        }
    }
}

fn pipe(from: &mut TcpStream, to: &mut TcpStream) {
    let _ = io::copy(from, to);
    let _ = to.shutdown(Shutdown::Write);
}
