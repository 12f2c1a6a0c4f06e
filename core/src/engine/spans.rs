//! Spans of `tracing`, behind the feature of that name; without it nothing is left of them. A span has a name and counts, and
//! never anything of a lead.

/// Enters a span until the end of the block.
macro_rules! span {
    ($name:literal $(, $field:ident = $value:expr)*) => {
        #[cfg(feature = "tracing")]
        let _span = tracing::info_span!(target: "leadwright", $name $(, $field = $value)*).entered();
    };
}

pub(super) use span;
