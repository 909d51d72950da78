//! TLS over a connection: rustls without its buffers, so that the bytes lie where we can wipe them and leave in one write.

use std::sync::Arc;

use rustls::client::{Resumption, UnbufferedClientConnection};
use rustls::pki_types::ServerName;
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, InsufficientSizeError, UnbufferedStatus};
use rustls::{ClientConfig, Error as TlsError, HandshakeKind, ProtocolVersion};

use super::call::Call;
use super::failure::{Failure, Fault};
use super::input::{Input, Sink};
use super::output::Output;
use super::provider::{name_of, provider};
use super::roots::{Roots, Trust};
use super::socket::Socket;
#[cfg(windows)]
use super::system_trust::{SystemVerifier, on_behalf_of};
use super::tls_error::{explain, explain_alert, refused, wants_certificate};
use crate::memory::OutOfMemory;

/// What the connections of one client share: verifier, roots and sessions to resume.
pub struct TlsSettings {
    config: Arc<ClientConfig>,
    roots: Roots,
}

impl TlsSettings {
    /// Of connections through a proxy or straight ones.
    #[cfg_attr(not(windows), allow(unused_variables))]
    pub fn new(roots: Roots, proxied: bool) -> Self {
        // Given to this configuration alone: the process-wide default belongs to the host.
        let provider = Arc::new(provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports TLS 1.2 and 1.3");
        let config = match &roots.trust {
            Trust::Roots(store) => config.with_root_certificates(store.clone()),
            #[cfg(windows)]
            Trust::System => {
                config.dangerous().with_custom_certificate_verifier(Arc::new(SystemVerifier::new(&roots, proxied)))
            }
        };
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = Resumption::in_memory_sessions(32);
        Self { config: Arc::new(config), roots }
    }

    /// Makes the handshake. Its last message may stay back, to leave together with the first request.
    pub(super) fn handshake(&self, socket: &mut Socket, host: &str, call: &Call) -> Result<TlsLayer, Failure> {
        call.enter("in the TLS handshake");
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| refused(format!("\"{host}\" is not a name that a certificate can have")))?;
        let connection = UnbufferedClientConnection::new(self.config.clone(), name)
            .map_err(|error| refused(format!("the TLS handshake with {host} cannot begin: {error}")))?;
        let (input, out) = (Input::default(), Output::default());
        let mut layer = TlsLayer { connection, input, out, closed: false, answered: false, broken: None };
        #[cfg(windows)]
        let shaken = on_behalf_of(call, || layer.shake_hands(socket, call));
        #[cfg(not(windows))]
        let shaken = layer.shake_hands(socket, call);
        shaken.map_err(|trouble| match trouble {
            Trouble::Tls { error, in_http } => refused(explain(&error, host, &self.roots, in_http)),
            Trouble::Network(failure) if failure.fault == Fault::Lost => Failure::new(
                Fault::Tls { retry: true },
                format!("{host} broke off the TLS handshake ({})", failure.detail),
            ),
            Trouble::Network(failure) => failure,
        })?;
        Ok(layer)
    }
}

enum Trouble {
    Tls { error: TlsError, in_http: bool },
    Network(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Network(failure)
    }
}

/// As much as one record can hold.
const RECORD: usize = 16 * 1024;

/// The TLS state of one connection.
pub struct TlsLayer {
    connection: UnbufferedClientConnection,
    /// What was received and is not decrypted yet; rustls decrypts it in place.
    input: Input,
    /// What is ready to be sent.
    out: Output,
    closed: bool,
    /// The server has read something and answered it, so the handshake was to its liking.
    answered: bool,
    broken: Option<Failure>,
}

/// What rustls wants or has after a step.
enum Step {
    Again,
    Transmit { then_ready: bool },
    NeedInput,
    Ready,
    Closed,
}

impl TlsLayer {
    fn shake_hands(&mut self, socket: &mut Socket, call: &Call) -> Result<(), Trouble> {
        loop {
            match self.step(None, None) {
                Ok(Step::Again | Step::Transmit { then_ready: true }) => {}
                Ok(Step::Transmit { then_ready: false }) => self.send_pending(socket, call)?,
                Ok(Step::NeedInput) => {
                    let count = socket.receive(self.input.room().map_err(Failure::from)?, call)?;
                    if count == 0 {
                        return Err(Failure::new(Fault::Lost, "the connection was closed").into());
                    }
                    self.input.received(count);
                }
                Ok(Step::Ready) => return Ok(()),
                Ok(Step::Closed) => return Err(Failure::new(Fault::Lost, "the connection was closed").into()),
                Err(error) => {
                    let in_http = self.input.unread().starts_with(b"HTTP/");
                    // The server is told why, if it still listens: the alert comes before anything is parsed again.
                    let _ = self.step(None, None);
                    let _ = self.send_pending(socket, call);
                    return Err(Trouble::Tls { error, in_http });
                }
            }
        }
    }

    /// Sends what TLS itself has to say.
    pub(super) fn send_pending(&mut self, socket: &Socket, call: &Call) -> Result<(), Failure> {
        let result = socket.send_all(self.out.pending(), call);
        self.out.clear();
        result
    }

    /// Lets rustls do one thing with what was received, encrypting or decrypting where it can.
    fn step(&mut self, plain: Option<&[u8]>, decrypted: Option<&mut Sink>) -> Result<Step, TlsError> {
        let UnbufferedStatus { mut discard, state } = self.connection.process_tls_records(self.input.unread_mut());
        let out = &mut self.out;
        let step = match state {
            Err(error) => Err(error),
            Ok(ConnectionState::EncodeTlsData(mut data)) => append(out, 512, |room| match data.encode(room) {
                Ok(count) => Ok(count),
                Err(EncodeError::InsufficientSize(size)) => Err(Some(size)),
                Err(EncodeError::AlreadyEncoded) => Err(None),
            })
            .map(|()| Step::Again),
            Ok(ConnectionState::TransmitTlsData(mut data)) => {
                let then_ready = data.may_encrypt_app_data().is_some();
                data.done();
                Ok(Step::Transmit { then_ready })
            }
            Ok(ConnectionState::BlockedHandshake) => Ok(Step::NeedInput),
            Ok(ConnectionState::WriteTraffic(mut traffic)) => match plain {
                None => Ok(Step::Ready),
                Some(plain) => append(out, sealed_length(plain.len()), |room| match traffic.encrypt(plain, room) {
                    Ok(count) => Ok(count),
                    Err(EncryptError::InsufficientSize(size)) => Err(Some(size)),
                    Err(EncryptError::EncryptExhausted) => Err(None),
                })
                .map(|()| Step::Ready),
            },
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                let mut result = Ok(Step::Again);
                let mut sink = decrypted;
                while let Some(record) = traffic.next_record() {
                    match (record, &mut sink) {
                        (Ok(record), Some(sink)) => {
                            discard += record.discard;
                            sink.append(record.payload);
                        }
                        // Nobody may answer before there is a request.
                        (Ok(_), None) => result = Err(TlsError::General("data before the request".into())),
                        (Err(error), _) => result = Err(error),
                    }
                }
                result
            }
            Ok(ConnectionState::PeerClosed | ConnectionState::Closed) => {
                self.closed = true;
                Ok(Step::Closed)
            }
            Ok(_) => Err(TlsError::General("unexpected TLS state".into())),
        };
        self.input.consume(discard);
        step
    }

    /// The bytes to send for `plain`, with whatever of the handshake was kept back.
    pub fn encrypt(&mut self, plain: &[u8]) -> Result<Output, Failure> {
        loop {
            match self.step(Some(plain), None) {
                Ok(Step::Ready) => return Ok(std::mem::take(&mut self.out)),
                Ok(Step::Again | Step::Transmit { .. }) => {}
                Ok(Step::NeedInput | Step::Closed) => {
                    return Err(Failure::new(Fault::Lost, "the server closed the connection"));
                }
                Err(error) => return Err(broken(&error)),
            }
        }
    }

    /// The buffer of `encrypt`, to be used again, unless TLS has had something to say meanwhile.
    pub fn give_back(&mut self, mut out: Output) {
        if self.out.is_empty() {
            out.clear();
            self.out = out;
        }
    }

    /// Decrypts what has arrived into `decrypted`. False when that was no answer yet.
    pub fn take_plaintext(&mut self, decrypted: &mut Sink) -> Result<bool, Failure> {
        while self.broken.is_none() {
            match self.step(None, Some(decrypted)) {
                Ok(Step::Again | Step::Transmit { .. }) => {}
                Ok(Step::Ready | Step::NeedInput | Step::Closed) => break,
                Err(error) => {
                    // The alert that says why comes before anything is parsed again.
                    self.broken = Some(self.explain_end(&error));
                    let _ = self.step(None, None);
                }
            }
        }
        // There is a gap in the answer, so what follows is none.
        if decrypted.out_of_memory {
            self.broken = Some(OutOfMemory.into());
        }
        let taken = !decrypted.is_empty() && !decrypted.out_of_memory;
        self.answered |= taken;
        match &self.broken {
            Some(failure) if !taken => Err(failure.clone()),
            _ => Ok(taken),
        }
    }

    fn explain_end(&self, error: &TlsError) -> Failure {
        match *error {
            TlsError::AlertReceived(alert)
                if wants_certificate(alert) && self.connection.protocol_version() == Some(ProtocolVersion::TLSv1_3) =>
            {
                refused(explain_alert(alert, "the server"))
            }
            _ => broken(error),
        }
    }

    /// Whether the server refused the handshake when it was over for us: it has read no request.
    pub fn was_refused(&self) -> bool {
        !self.answered && self.broken.as_ref().is_some_and(|failure| failure.fault == Fault::Tls { retry: false })
    }

    /// Whether nothing went over it that the next request may not meet: an error, a goodbye, part of a record. Nor a wish
    /// to renegotiate, as many a server ends the connection for our no, which is all that TLS 1.2 has to say by itself
    /// here; 1.3 confirms new keys, and goes on.
    pub fn is_clean(&self) -> bool {
        let refuses = !self.out.is_empty() && self.connection.protocol_version() == Some(ProtocolVersion::TLSv1_2);
        self.broken.is_none() && !self.closed && self.input.is_empty() && !refuses
    }

    pub fn version(&self) -> Option<&'static str> {
        match self.connection.protocol_version()? {
            ProtocolVersion::TLSv1_2 => Some("TLSv1_2"),
            ProtocolVersion::TLSv1_3 => Some("TLSv1_3"),
            _ => None,
        }
    }

    pub fn cipher(&self) -> Option<&'static str> {
        name_of(self.connection.negotiated_cipher_suite()?.suite())
    }

    /// Whether an earlier connection's secret spared the server its certificate.
    pub fn is_resumed(&self) -> bool {
        self.connection.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    pub fn peer_closed(&self) -> bool {
        self.closed
    }

    pub fn room(&mut self) -> Result<&mut [u8], OutOfMemory> {
        self.input.room()
    }

    pub fn little_room(&mut self) -> Result<&mut [u8], OutOfMemory> {
        self.input.little_room()
    }

    pub fn shrink(&mut self) {
        self.input.shrink();
        self.out.shrink();
    }

    pub fn received(&mut self, count: usize) {
        self.input.received(count);
    }

    /// The goodbye that lets the server tell an end from a cut.
    pub fn close_notify(&mut self) -> Output {
        let mut out = std::mem::take(&mut self.out);
        if self.broken.is_some() {
            return out;
        }
        let status = self.connection.process_tls_records(self.input.unread_mut());
        if let Ok(ConnectionState::WriteTraffic(mut traffic)) = status.state {
            let _ = append(&mut out, 64, |room| traffic.queue_close_notify(room).map_err(|_| None));
        }
        out
    }
}

/// What so many bytes become at most, in records of 16 KiB each: a head, a tag, and in TLS 1.2 a nonce.
fn sealed_length(plain: usize) -> usize {
    plain + 64 * plain.div_ceil(RECORD).max(1)
}

/// Lets `write` append to `out`, again with the size it asks for when `room` was not enough.
fn append(
    out: &mut Output,
    mut room: usize,
    mut write: impl FnMut(&mut [u8]) -> Result<usize, Option<InsufficientSizeError>>,
) -> Result<(), TlsError> {
    loop {
        let place = out.room(room);
        room = place.len();
        match write(place) {
            Ok(count) => {
                out.added(count);
                return Ok(());
            }
            Err(Some(size)) if size.required_size > room => room = size.required_size,
            Err(_) => return Err(TlsError::EncryptError),
        }
    }
}

fn broken(error: &TlsError) -> Failure {
    Failure::new(Fault::Lost, format!("the TLS connection broke: {error}"))
}
