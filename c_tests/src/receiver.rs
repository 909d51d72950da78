//! An ECGrid that takes one upload without keeping it: what comes is compared with what is to come.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver as Told, Sender};
use std::thread;

use ecgrid_sandbox::{Authority, Validity, rustls};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What an upload has to be: this base64, so many times.
#[derive(Clone)]
pub struct Expected {
    pub base64: Arc<Vec<u8>>,
    pub times: u64,
    pub bytes: u64,
}

pub struct Receiver {
    pub url: String,
    pub ca_file: PathBuf,
    told: Told<Result<(), String>>,
}

type Stream = StreamOwned<ServerConnection, TcpStream>;

impl Receiver {
    /// Over HTTPS, until the runner ends. The file of its authority is put into that folder.
    pub fn start(folder: &Path, expected: &Expected) -> Result<Self, String> {
        let authority = Authority::new().map_err(text)?;
        let issued = authority.issue(&["localhost"], Validity::Now).map_err(text)?;
        let config = Arc::new(issued.server_config(rustls::ALL_VERSIONS).map_err(text)?);
        let ca_file = folder.join("receiver.pem");
        std::fs::write(&ca_file, authority.pem()).map_err(text)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(text)?;
        let url = format!("https://localhost:{}", listener.local_addr().map_err(text)?.port());
        let (tell, told) = mpsc::channel();
        let expected = expected.clone();
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (config, expected, tell) = (config.clone(), expected.clone(), tell.clone());
                thread::spawn(move || drop(serve(socket, config, &expected, &tell)));
            }
        });
        Ok(Self { url, ca_file, told })
    }

    /// What was wrong with the upload, or that there was none.
    pub fn verdict(&self) -> Result<(), String> {
        self.told.try_recv().map_err(|_| "no upload came".to_owned())?
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn serve(
    socket: TcpStream,
    config: Arc<ServerConfig>,
    expected: &Expected,
    tell: &Sender<Result<(), String>>,
) -> Result<(), String> {
    socket.set_nodelay(true).map_err(text)?;
    let mut stream = StreamOwned::new(ServerConnection::new(config).map_err(text)?, socket);
    loop {
        let (head, begun) = read_head(&mut stream)?;
        let length = head
            .to_ascii_lowercase()
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let mut body = begun.chain(&mut stream).take(length.unwrap_or(0));
        let data = if head.starts_with("POST /v2/parcels/upload ") {
            // Told before it is answered, so that whoever has the answer finds it.
            let _ = tell.send(expected.compare(&mut body));
            r#"{"parcelId":7}"#
        } else {
            std::io::copy(&mut body, &mut std::io::sink()).map_err(text)?;
            r#"{"token":"t","userId":4821}"#
        };
        let answer = format!(r#"{{"success":true,"data":{data},"errorCode":"","message":""}}"#);
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", answer.len());
        stream.write_all((head + &answer).as_bytes()).and_then(|()| stream.flush()).map_err(text)?;
    }
}

/// The head of a request, and what has come of its body.
fn read_head(stream: &mut Stream) -> Result<(String, std::io::Cursor<Vec<u8>>), String> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4 * 1024]);
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), std::io::Cursor::new(body)));
        }
        match stream.read(&mut chunk).map_err(text)? {
            0 => return Err("the connection was closed".into()),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

impl Expected {
    /// Whether that is an upload of it, its content last.
    fn compare(&self, body: &mut impl Read) -> Result<(), String> {
        const BEGINNING: &[u8] = b"\"content\":\"";
        let (mut beginning, mut byte) = (Vec::new(), [0]);
        while !beginning.ends_with(BEGINNING) && beginning.len() < 1_000 {
            body.read_exact(&mut byte).map_err(text)?;
            beginning.push(byte[0]);
        }
        let beginning = String::from_utf8_lossy(&beginning).into_owned();
        if !beginning.contains(&format!("\"bytes\":{},", self.bytes)) {
            return Err(format!("it begins with {beginning}"));
        }
        let mut room = vec![0; 64 * 1024];
        for _ in 0..self.times {
            for piece in self.base64.chunks(room.len()) {
                let came = &mut room[..piece.len()];
                body.read_exact(came).map_err(text)?;
                if came != piece {
                    return Err("its content is another".into());
                }
            }
        }
        let mut end = Vec::new();
        body.read_to_end(&mut end).map_err(text)?;
        if end == b"\"}" { Ok(()) } else { Err(format!("it ends with {} other bytes", end.len())) }
    }
}
