//! `leadwright-schema` writes what is made from the core; with `--check` it only says what has drifted.
#![forbid(unsafe_code)]

use leadwright_schema::{drifted, repository, write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("`{other}` is not understood; there is only --check");
            return ExitCode::from(2);
        }
    };
    let repository = repository();
    let paths = if check { drifted(&repository) } else { write(&repository) };
    match paths {
        Err(message) => {
            eprintln!("leadwright-schema: {message}");
            ExitCode::FAILURE
        }
        Ok(paths) => {
            let word = if check { "is not what the core would make" } else { "written" };
            paths.iter().for_each(|path| println!("{}: {word}", path.display()));
            if check && !paths.is_empty() {
                eprintln!("`cargo xtask generate` makes them anew; read the difference before committing it");
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
    }
}
