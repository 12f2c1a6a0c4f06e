//! Every limit in one place. Each has a code that says it was passed.

/// Largest raw lead, in bytes (`limit.lead_bytes`).
pub const LEAD_BYTES: usize = 64 * 1024;
/// Longest line of a JSON Lines input, in bytes (`limit.line_bytes`); a longer one is skipped to its end.
pub const LINE_BYTES: usize = 1024 * 1024;
/// Largest prepared lead, in bytes (`prepared.damaged`): a line with all that is found in it is far below.
pub const ROW_BYTES: usize = 4 * LINE_BYTES;
/// Most fields of a lead (`limit.lead_fields`).
pub const LEAD_FIELDS: usize = 512;
/// Deepest nesting of lists and objects, in leads and plans (`lead.too_deep`, `plan.too_deep`).
pub const DEPTH: usize = 32;
/// Most contracts of a plan (`limit.contracts`).
pub const CONTRACTS: usize = 100_000;
/// Most caps of one contract, buyer, group or source (`limit.caps`).
pub const CAPS: usize = 16;
/// Most entries of a list written into the plan itself; longer ones go to a file (`limit.inline_list`).
pub const INLINE_LIST: usize = 10_000;
/// Largest plan file, in bytes (`limit.plan_bytes`).
pub const PLAN_BYTES: usize = 16 * 1024 * 1024;
/// Largest list file, in bytes (`limit.list_bytes`).
pub const LIST_BYTES: usize = 64 * 1024 * 1024;
/// Most leads settled in one transaction.
pub const BATCH: usize = 256;
/// Largest trace of a stored decision, in bytes (`limit.trace_bytes` in the trace itself).
pub const TRACE_BYTES: usize = 64 * 1024;
