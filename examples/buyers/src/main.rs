//! `leadwright-buyers SCRIPT.json [--port N] [--seed N]`: prints `{"port":N}` once it listens, and goes on until it is stopped.
#![forbid(unsafe_code)]

use leadwright_buyers::{Script, Server};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}\nleadwright-buyers SCRIPT.json [--port N] [--seed N]");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let number = |name: &str| -> Result<Option<u64>, String> {
        let Some(at) = words.iter().position(|word| word == name) else { return Ok(None) };
        let told = words.get(at + 1).and_then(|word| word.parse().ok());
        told.map(Some).ok_or_else(|| format!("{name}: a number is expected"))
    };
    let path = words.first().filter(|word| !word.starts_with("--")).ok_or("which script?")?;
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let mut script: Script = text.parse().map_err(|error| format!("{path}: {error}"))?;
    script.seed = number("--seed")?.unwrap_or(script.seed);
    let port = u16::try_from(number("--port")?.unwrap_or(0)).map_err(|_| "--port: a port is expected")?;
    let server = Server::start(script, port, None).map_err(|error| format!("cannot listen: {error}"))?;
    println!("{{\"port\":{}}}", server.port);
    server.wait();
    Ok(())
}
