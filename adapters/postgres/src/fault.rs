//! PostgreSQL's errors, in our words.

use leadwright::model::{Code, Error};
use tokio_postgres::error::SqlState;

/// The code of a SQLSTATE.
fn code_of(state: &SqlState) -> Code {
    match state.code() {
        "53100" | "53200" => Code::StoreFull,
        // Said by our own `cap_take`.
        "LW001" => Code::StoreLeaseOver,
        // Locked for too long, told to stop, or one of two that waited for each other: none of it has happened.
        "55P03" | "57014" | "40001" | "40P01" | "53300" => Code::StoreBusy,
        "25006" | "42501" => Code::StoreReadOnly,
        // Something is there that we never write twice, or that we never write at all.
        "23505" | "23514" | "XX001" | "XX002" => Code::StoreCorrupt,
        // A text with a NUL: whatever may be in a lead was looked at before.
        "22021" | "22P05" => Code::InputBadOption,
        "3D000" | "3F000" | "42P01" => Code::StoreMissing,
        // It stops, has crashed, or does not take anybody yet; a password that is wrong is no fault of the network.
        "57P01" | "57P02" | "57P03" | "57P05" => Code::StoreUnreachable,
        other if other.starts_with("08") => Code::StoreUnreachable,
        _ => Code::StoreIo,
    }
}

pub(crate) fn code(error: &tokio_postgres::Error) -> Code {
    match error.code() {
        Some(state) => code_of(state),
        None if is_a_column(error) => Code::StoreCorrupt,
        None => Code::StoreUnreachable,
    }
}

/// Whether a row could not be read as what we write.
fn is_a_column(error: &tokio_postgres::Error) -> bool {
    let said = error.to_string();
    said.contains("deserializing column") || said.contains("invalid column")
}

/// What the server says, without what it says about values: a DETAIL has the row that failed.
fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(told) => format!("{} (SQLSTATE {})", plain(told.message()), told.code().code()),
        None => match std::error::Error::source(error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

/// What stands before a name, and never before a value.
const BEFORE_NAMES: [&str; 9] =
    ["column", "constraint", "database", "encoding", "relation", "role", "schema", "table", "parameter"];

/// A message of the server; what stands in quotes could be a value, but for names.
fn plain(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for (n, part) in message.split('"').enumerate() {
        let is_name = BEFORE_NAMES.iter().any(|word| out.trim_end().ends_with(word));
        out.push_str(if n % 2 == 0 || is_name { part } else { "…" });
    }
    out
}

/// An error of the server or of the way to it.
pub(crate) fn fault(place: &str, error: &tokio_postgres::Error) -> Error {
    Error::new(code(error), format!("{place}: {}", said(error)))
}

/// An error of a commit. Where the server has answered, nothing has happened; where it has not, nobody knows.
pub(crate) fn at_commit(place: &str, error: &tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(told) if !is_of_a_stop(told.code()) => fault(place, error),
        _ => Error::new(Code::StoreCommitUnknown, format!("{place}: {}", said(error))),
    }
}

/// A server that stops says so to whoever waits for it, and has perhaps committed.
fn is_of_a_stop(state: &SqlState) -> bool {
    code_of(state) == Code::StoreUnreachable || state.code() == "57014"
}

/// A row that says what it cannot.
pub(crate) fn damaged(place: &str, what: &str) -> Error {
    Error::new(Code::StoreCorrupt, format!("{place}: {what}"))
}

/// A write for a tenant that is in another shard.
pub(crate) fn moved(to: &str) -> Error {
    Error::new(Code::StoreMoved, format!("to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        why: String,
        sqlstate: Option<String>,
        moved_to: Option<String>,
        want: Want,
    }

    #[derive(serde::Deserialize)]
    struct Want {
        code: Code,
    }

    /// `vectors/postgres`: a SQLSTATE, or where a tenant went, and what it is in our words.
    #[test]
    fn every_vector_of_a_failure() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/postgres");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let vector: Vector = serde_json::from_str(&text).unwrap();
            let by_state = vector.sqlstate.map(|state| code_of(&SqlState::from_code(&state)));
            let code = by_state.or(vector.moved_to.map(|to| moved(&to).code()));
            assert_eq!(code, Some(vector.want.code), "{}", vector.why);
            count += 1;
        }
        assert!(count >= 3, "there are only {count} vectors");
    }
}
