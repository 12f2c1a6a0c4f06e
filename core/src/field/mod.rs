//! Field kinds: one file each, raw value → canonical value, corrections, problems.
