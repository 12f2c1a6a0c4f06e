//! What NATS and Redis have in common: one program, one folder, one port.

use crate::process::{Failure, Launch, Process};
use crate::room::Room;
use crate::{Missing, port};
use std::path::{Path, PathBuf};

/// So often another port is tried when somebody else took the one that was free.
pub(crate) const TRIES: usize = 10;

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) scheme: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) args: fn(u16, &Path) -> Vec<String>,
}

pub(crate) struct Server {
    kind: &'static Kind,
    program: PathBuf,
    port: u16,
    process: Option<Process>,
    // After the process: a folder goes when nobody writes to it any more.
    room: Room,
}

impl Server {
    pub(crate) fn start(kind: &'static Kind, program: PathBuf) -> Result<Self, Missing> {
        let room = Room::new(kind.name)?;
        let mut server = Self { kind, program, port: 0, process: None, room };
        for _ in 0..TRIES {
            server.port = port::free().ok_or_else(|| Missing::new("no port is free"))?;
            match server.launch() {
                Err(Failure::PortTaken) => {}
                Err(Failure::Other(missing)) => return Err(missing),
                Ok(()) => return Ok(server),
            }
        }
        Err(Missing::new(format!("every port that was free was taken before {} had it", kind.name)))
    }

    pub(crate) fn start_again(&mut self) -> Result<(), Missing> {
        self.end("KILL")?;
        self.launch().map_err(|failure| match failure {
            Failure::PortTaken => Missing::new(format!("somebody took port {}", self.port)),
            Failure::Other(missing) => missing,
        })
    }

    fn launch(&mut self) -> Result<(), Failure> {
        let launch = Launch {
            program: &self.program,
            args: (self.kind.args)(self.port, self.room.path()),
            folder: self.room.path(),
            log: self.room.log(),
            ready: self.kind.ready,
            last_signal: "KILL",
        };
        self.process = Some(Process::start(&launch)?);
        Ok(())
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.kind.scheme, self.port)
    }

    pub(crate) fn signal(&mut self, signal: &str) -> Result<(), Missing> {
        self.process.as_mut().map_or(Ok(()), |process| process.signal(signal))
    }

    pub(crate) fn end(&mut self, signal: &str) -> Result<(), Missing> {
        self.process.take().map_or(Ok(()), |process| process.end(signal))
    }
}

/// What both can be told.
macro_rules! doors {
    ($server:ident) => {
        impl $server {
            /// Where it listens.
            #[must_use]
            pub fn url(&self) -> String {
                self.0.url()
            }

            /// Lets it end in good order. One that has ended already stays so.
            ///
            /// # Errors
            /// [`Missing`] when it does not end.
            pub fn stop(&mut self) -> Result<(), Missing> {
                self.0.end("TERM")
            }

            /// Kills it as it is.
            ///
            /// # Errors
            /// [`Missing`] when it cannot be killed.
            pub fn kill(&mut self) -> Result<(), Missing> {
                self.0.end("KILL")
            }

            /// Starts it on the same port and folder; one that still runs is killed first.
            ///
            /// # Errors
            /// [`Missing`] when it does not start.
            pub fn start_again(&mut self) -> Result<(), Missing> {
                self.0.start_again()
            }

            /// Stops it in the middle of whatever it does: it keeps its connections and answers nobody.
            ///
            /// # Errors
            /// [`Missing`] when it cannot be signalled.
            pub fn pause(&mut self) -> Result<(), Missing> {
                self.0.signal("STOP")
            }

            /// Lets it go on after [`pause`](Self::pause).
            ///
            /// # Errors
            /// [`Missing`] when it cannot be signalled.
            pub fn resume(&mut self) -> Result<(), Missing> {
                self.0.signal("CONT")
            }
        }
    };
}
pub(crate) use doors;
