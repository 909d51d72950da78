//! The sandbox as a program: starts, says where it is, serves until told to stop.

mod cli;
mod stop;

use cli::Command;
use ecgrid_sandbox::{Sandbox, User};
use serde_json::json;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("ecgrid-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    match cli::parse(lexopt::Parser::from_env())? {
        Command::Help => print(cli::HELP),
        Command::Version => print(concat!("ecgrid-sandbox ", env!("CARGO_PKG_VERSION"), "\n")),
        Command::Serve { builder, json } => {
            // Before anything is said: who reads the address may signal at once.
            let stop = stop::Stop::listen().map_err(|cause| cause.to_string())?;
            let sandbox = builder.start().map_err(|cause| cause.to_string())?;
            let text = if json { ready_json(&sandbox) } else { ready_text(&sandbox) };
            print(&text)?;
            stop.wait();
            Ok(())
        }
    }
}

fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|cause| format!("cannot write to standard output: {cause}"))
}

fn ready_json(sandbox: &Sandbox) -> String {
    let user = |user: User| {
        json!({
            "login": user.login,
            "password": user.password,
            "userId": user.user_id,
            "apiKey": user.api_key,
        })
    };
    let users: Vec<_> = sandbox.users().into_iter().map(user).collect();
    format!(
        "{{\"http\":{},\"https\":{},\"ca_file\":{},\"users\":{}}}\n",
        json!(sandbox.http_url()),
        json!(sandbox.https_url()),
        json!(sandbox.ca_file().to_string_lossy()),
        json!(users),
    )
}

fn ready_text(sandbox: &Sandbox) -> String {
    let mut text = format!(
        "ECGrid sandbox, ready\n  HTTP   {}\n  HTTPS  {}\n  CA     {}\n",
        sandbox.http_url(),
        sandbox.https_url(),
        sandbox.ca_file().display(),
    );
    for user in sandbox.users() {
        text.push_str(&format!(
            "  user   {}  password {}  id {}  {}  API key {}\n",
            user.login,
            user.password,
            user.user_id,
            user.auth_level.name(),
            user.api_key,
        ));
    }
    text
}
