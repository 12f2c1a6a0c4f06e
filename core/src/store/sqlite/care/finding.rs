//! What is wrong with a store: a stable word, the place, and what to do.

use serde::{Serialize, Serializer};
use std::fmt;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// SQLite says that the file is damaged.
    FileIntegrity,
    /// A row names another one that is not there.
    FileForeignKey,
    /// The tables were made by other steps than ours.
    FileMigration,
    /// A decision is not what its digest says.
    DecisionDigest,
    /// The columns of a decision say something else than its body.
    DecisionColumns,
    /// A decision between two others of a lead is not there.
    DecisionNumber,
    /// A decision comes out otherwise when it is decided again, or cannot be.
    DecisionReplay,
    /// A plan is not what its hash says, or cannot be read.
    PlanDamaged,
    /// An assignment has no row in the outbox.
    OutboxMissing,
    /// A row of the outbox belongs to no assignment, or says something else.
    OutboxExtra,
    /// A delivery has other attempts than it says.
    AttemptCount,
    /// An attempt goes on that nobody has claimed, or one that somebody has claimed does not.
    AttemptOpen,
    /// A dead letter is open of what was not given up, or what was given up has none.
    DeadLetterState,
    /// A decision or an assignment has no event.
    EventMissing,
    /// An event belongs to no decision or assignment, or is there twice.
    EventExtra,
    /// Events about a lead are not in their order.
    EventOrder,
    /// A sum for reports is not that of the decisions.
    RollupSum,
    /// A counter is not the sum of what the decisions took.
    CounterSum,
    /// What a rolling cap counts is not the sum of what the decisions took.
    MomentSum,
    /// A value to dedupe by is not remembered.
    ClaimMissing,
    /// A day of the money ledger is not what decisions and operations posted.
    LedgerSum,
    /// The funds of a buyer are not what the money ledger says.
    LedgerFunds,
    /// A closed statement is not what it was.
    StatementDamaged,
    /// A lead of the past is not what was imported.
    HistoryDamaged,
}

impl FindingKind {
    /// All kinds.
    pub const ALL: [FindingKind; 24] = [
        FindingKind::FileIntegrity,
        FindingKind::FileForeignKey,
        FindingKind::FileMigration,
        FindingKind::DecisionDigest,
        FindingKind::DecisionColumns,
        FindingKind::DecisionNumber,
        FindingKind::DecisionReplay,
        FindingKind::PlanDamaged,
        FindingKind::OutboxMissing,
        FindingKind::OutboxExtra,
        FindingKind::AttemptCount,
        FindingKind::AttemptOpen,
        FindingKind::DeadLetterState,
        FindingKind::EventMissing,
        FindingKind::EventExtra,
        FindingKind::EventOrder,
        FindingKind::RollupSum,
        FindingKind::CounterSum,
        FindingKind::MomentSum,
        FindingKind::ClaimMissing,
        FindingKind::LedgerSum,
        FindingKind::LedgerFunds,
        FindingKind::StatementDamaged,
        FindingKind::HistoryDamaged,
    ];

    /// The word, what is said, and what is to be done.
    fn words(self) -> [&'static str; 3] {
        const RESTORE: &str = "restore it from a backup";
        const SOMEBODY: &str = "somebody else wrote into the file: find out who, and restore it from a backup";
        match self {
            FindingKind::FileIntegrity => ["file.integrity", "the file is damaged", RESTORE],
            FindingKind::FileForeignKey => ["file.foreign_key", "a row names one that is not there", SOMEBODY],
            FindingKind::FileMigration => {
                ["file.migration", "the tables were made by other steps than ours", "use the version that made it"]
            }
            FindingKind::DecisionDigest => ["decision.digest", "it is not what its digest says", SOMEBODY],
            FindingKind::DecisionColumns => {
                ["decision.columns", "its columns say something else than its body", SOMEBODY]
            }
            FindingKind::DecisionNumber => ["decision.number", "a decision before it is not there", SOMEBODY],
            FindingKind::DecisionReplay => {
                ["decision.replay", "decided again it comes out otherwise", "compare the two with `leadwright explain`"]
            }
            FindingKind::PlanDamaged => ["plan.damaged", "the plan is not what its hash says", RESTORE],
            FindingKind::OutboxMissing => {
                ["outbox.missing", "an assignment is not in the outbox", "see that the buyer gets the lead"]
            }
            FindingKind::OutboxExtra => {
                ["outbox.extra", "the outbox has what was not assigned", "see that no buyer gets a lead for nothing"]
            }
            FindingKind::AttemptCount => ["attempt.count", "a delivery has other attempts than it says", SOMEBODY],
            FindingKind::AttemptOpen => [
                "attempt.open",
                "the attempts that go on are not those that are claimed",
                "ask the buyer whether it has the lead",
            ],
            FindingKind::DeadLetterState => {
                ["dead_letter.state", "the dead letters are not what was given up", "go by the attempts"]
            }
            FindingKind::EventMissing => ["event.missing", "what happened is not in the log", SOMEBODY],
            FindingKind::EventExtra => ["event.extra", "the log has what did not happen", SOMEBODY],
            FindingKind::EventOrder => ["event.order", "events are not in their order", SOMEBODY],
            FindingKind::RollupSum => {
                ["rollup.sum", "a sum for reports is not that of the decisions", "go by the decisions"]
            }
            FindingKind::CounterSum => [
                "counter.sum",
                "a counter is not what the decisions took",
                "caps count wrongly until its window is over: find out who wrote it",
            ],
            FindingKind::MomentSum => [
                "moment.sum",
                "a rolling cap does not count what the decisions took",
                "it counts wrongly until its span is over: find out who wrote it",
            ],
            FindingKind::ClaimMissing => {
                ["claim.missing", "a value to dedupe by is not remembered", "the next such lead is no duplicate"]
            }
            FindingKind::LedgerSum => {
                ["ledger.sum", "a day of the ledger is not what was posted", "go by the decisions and the operations"]
            }
            FindingKind::LedgerFunds => [
                "ledger.funds",
                "the funds of a buyer are not what the ledger says",
                "go by the ledger: find out who wrote the other",
            ],
            FindingKind::StatementDamaged => ["statement.damaged", "a closed statement is not what it was", RESTORE],
            FindingKind::HistoryDamaged => ["history.damaged", "a lead of the past is not what was imported", RESTORE],
        }
    }

    /// The word.
    ///
    /// ```
    /// assert_eq!(leadwright::store::FindingKind::RollupSum.as_str(), "rollup.sum");
    /// ```
    pub fn as_str(self) -> &'static str {
        let [word, ..] = self.words();
        word
    }

    /// What is to be done.
    pub fn remedy(self) -> &'static str {
        let [.., remedy] = self.words();
        remedy
    }
}

impl Serialize for FindingKind {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.as_str())
    }
}

/// Something that is wrong with a store. No values of leads are in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Where: `main web/L1.1`, the key of a counter, a table.
    pub place: String,
    /// What was found, where that says more.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub found: String,
}

impl Finding {
    pub(crate) fn new(kind: FindingKind, place: impl Into<String>, found: impl Into<String>) -> Self {
        Self { kind, place: place.into(), found: found.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [word, text, remedy] = self.kind.words();
        let found = if self.found.is_empty() { String::new() } else { format!(" ({})", self.found) };
        write!(f, "{}: {text}{found}; {remedy} [{word}]", self.place)
    }
}
