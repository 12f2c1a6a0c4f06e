//! The exit codes, the same for every command.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// 0: done; leads with problems are no failure.
    Ok,
    /// 1: `check` found something, or `--strict` met a problem.
    Findings,
    /// 2: the plan is refused, or the command was not understood.
    Usage,
    /// 5: an input could not be read, or an output not be written.
    Input,
}

impl Exit {
    /// The number.
    ///
    /// ```
    /// assert_eq!(leadwright_cli::Exit::Findings.code(), 1);
    /// ```
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Input => 5,
        }
    }
}
