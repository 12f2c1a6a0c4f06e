//! Postal addresses: text or parts → components, standard lines, a key, and what was changed.
