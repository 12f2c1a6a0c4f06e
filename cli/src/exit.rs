//! The exit codes, the same for every command.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// 0: done; leads with problems are no failure.
    Ok,
    /// 1: `check` found something, a decision was left alone because it is damaged, or `--strict` met a problem.
    Findings,
    /// 2: the plan is refused, or the command was not understood.
    Usage,
    /// 3: a gate said no: a replay differs, or a migration is not ready.
    Gate,
    /// 4: the store could not be opened, read or written.
    Store,
    /// 5: an input could not be read, or an output not be written.
    Input,
    /// 70: a mistake of ours.
    Internal,
}

impl Exit {
    /// The number. 130 is the shell's, for a command that was interrupted.
    ///
    /// ```
    /// assert_eq!(leadwright_cli::Exit::Findings.code(), 1);
    /// ```
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Gate => 3,
            Exit::Store => 4,
            Exit::Input => 5,
            Exit::Internal => 70,
        }
    }
}
