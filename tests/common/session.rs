//! Sessions in safe hands.

use std::ptr::{self, null_mut};

use ecgrid::ffi::*;

use super::{Client, Failure, LOGIN, PASSWORD, Token, c, string};

/// A session handle.
pub struct Session(*mut ecgrid_session);

// The contract: sessions may be shared by any number of threads.
unsafe impl Send for Session {}
unsafe impl Sync for Session {}

/// A token as a program holds it that sends requests of its own.
pub struct Held(*mut ecgrid_token);

// The contract: tokens may be shared by any number of threads.
unsafe impl Send for Held {}
unsafe impl Sync for Held {}

impl Held {
    pub fn value(&self) -> String {
        unsafe { string(ecgrid_token_value(self.0)) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        unsafe { ecgrid_token_free(self.0) }
    }
}

/// What a response says, copied.
#[derive(Clone, Debug)]
pub struct Response {
    pub http_status: i32,
    pub body: String,
    pub data: String,
}

impl Response {
    /// `data`, read by another parser.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data).expect("JSON")
    }

    pub fn take(response: *mut ecgrid_response) -> Self {
        let copy = unsafe {
            Self {
                http_status: ecgrid_response_http_status(response),
                body: string(ecgrid_response_body(response, null_mut())),
                data: string(ecgrid_response_data(response, null_mut())),
            }
        };
        unsafe { ecgrid_response_free(response) };
        copy
    }
}

impl Client {
    pub fn session(&self, login: &str, password: &str) -> Result<Session, Failure> {
        let (mut session, mut error) = (null_mut(), null_mut());
        let status =
            unsafe { ecgrid_session_login(self.0, c(login).as_ptr(), c(password).as_ptr(), &mut session, &mut error) };
        check(status, error)?;
        Ok(Session(session))
    }

    /// The token of a login of no session.
    pub fn hold(&self, login: &str, password: &str) -> Result<Held, Failure> {
        let (mut token, mut error) = (null_mut(), null_mut());
        let status =
            unsafe { ecgrid_client_login(self.0, c(login).as_ptr(), c(password).as_ptr(), &mut token, &mut error) };
        check(status, error)?;
        Ok(Held(token))
    }

    /// The session of the sandbox's first user.
    pub fn usual_session(&self) -> Session {
        self.session(LOGIN, PASSWORD).expect("a session")
    }

    /// A session by one of the sandbox's special logins.
    pub fn session_as(&self, name: &str) -> Session {
        self.session(&format!("{name}@example.com"), PASSWORD).expect(name)
    }

    pub fn key_session(&self, key: &str) -> Result<Session, Failure> {
        let (mut session, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_with_api_key(self.0, c(key).as_ptr(), &mut session, &mut error) }, error)?;
        Ok(Session(session))
    }
}

impl Session {
    pub fn raw(&self) -> *mut ecgrid_session {
        self.0
    }

    pub fn token(&self) -> Result<Token, Failure> {
        let (mut token, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_token(self.0, &mut token, &mut error) }, error)?;
        Ok(Token::take(token))
    }

    pub fn hold(&self) -> Result<Held, Failure> {
        let (mut token, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_token(self.0, &mut token, &mut error) }, error)?;
        Ok(Held(token))
    }

    pub fn refused(&self, token: &Held) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_refused(self.0, token.0, &mut error) }, error)
    }

    pub fn refresh(&self) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_refresh(self.0, &mut error) }, error)
    }

    pub fn info(&self) -> Result<Response, Failure> {
        let (mut response, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_info(self.0, &mut response, &mut error) }, error)?;
        Ok(Response::take(response))
    }

    pub fn change_password(&self, current: &str, replacement: &str) -> Result<(), Failure> {
        let mut error = null_mut();
        let (current, replacement) = (c(current), c(replacement));
        let status =
            unsafe { ecgrid_session_change_password(self.0, current.as_ptr(), replacement.as_ptr(), &mut error) };
        check(status, error)
    }

    /// The new key.
    pub fn generate_api_key(&self, user_id: i64) -> Result<String, Failure> {
        let (mut response, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_generate_api_key(self.0, user_id, &mut response, &mut error) }, error)?;
        let key = unsafe { string(ecgrid_response_string(response, c"".as_ptr())) };
        unsafe { ecgrid_response_free(response) };
        Ok(key)
    }

    pub fn call(&self, method: &str, path: &str, body: Option<&str>) -> Result<Response, Failure> {
        self.call_bytes(method, path, body.map(str::as_bytes))
    }

    pub fn call_bytes(&self, method: &str, path: &str, body: Option<&[u8]>) -> Result<Response, Failure> {
        let (mut response, mut error) = (null_mut(), null_mut());
        let (method, path) = (c(method), c(path));
        let (body, length) = body.map_or((ptr::null(), 0), |body| (body.as_ptr().cast(), body.len()));
        let status = unsafe {
            ecgrid_session_call(self.0, method.as_ptr(), path.as_ptr(), body, length, &mut response, &mut error)
        };
        if status != ECGRID_OK {
            assert!(response.is_null());
        }
        check(status, error)?;
        Ok(Response::take(response))
    }

    /// The usual call: who am I?
    pub fn me(&self) -> Result<Response, Failure> {
        self.call("GET", "/v2/users/me", None)
    }

    pub fn logout(&self) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_logout(self.0, &mut error) }, error)
    }

    pub fn another(&self) -> Self {
        let mut clone = null_mut();
        assert_eq!(unsafe { ecgrid_session_clone(self.0, &mut clone, null_mut()) }, ECGRID_OK);
        Self(clone)
    }

    pub fn set_timeout(&self, milliseconds: i64) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_set_timeout_ms(self.0, milliseconds, &mut error) }, error)
    }

    pub fn cancel(&self) {
        unsafe { ecgrid_session_cancel(self.0) }
    }

    pub fn stop(&self) {
        unsafe { ecgrid_session_stop(self.0) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        unsafe { ecgrid_session_free(self.0) }
    }
}

pub fn check(status: i32, error: *mut ecgrid_error) -> Result<(), Failure> {
    match status {
        ECGRID_OK => {
            assert!(error.is_null());
            Ok(())
        }
        status => Err(Failure::take(status, error)),
    }
}
