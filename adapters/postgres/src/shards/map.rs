//! Which shard has what.

use leadwright::model::{Code, Error, TenantId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// By what leads are divided among shards. Whatever it is, its names are the tenants that the state is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShardedBy {
    /// By tenant: nothing of two tenants is ever together, so nothing is lost by it.
    Tenant,
    /// By vertical, which is by route: an engine for each vertical.
    Vertical,
    /// By source: an engine for each source.
    Source,
}

/// Which of 256 slots up to and with this one are whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slots {
    to: u8,
    shard: String,
}

/// The map of the shards, as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    v: u32,
    /// It grows with every change.
    version: u64,
    by: ShardedBy,
    /// Where each is. An address may have a password, so it is never shown.
    shards: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    slots: Vec<Slots>,
    /// Owners whose caps all shards share by leases.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    leased: BTreeSet<String>,
    /// The shard that keeps the whole of those caps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<String>,
}

/// Which shard has what: by name, or else by one of 256 slots that the hash of the name falls into.
///
/// ```
/// use leadwright_postgres::ShardMap;
/// let map = ShardMap::parse(r#"{ "v": 1, "version": 1, "by": "tenant",
///     "shards": { "east": "postgres://router@east.internal/leads", "west": "postgres://router@west.internal/leads" },
///     "names": { "acme": "west" },
///     "slots": [ { "to": 127, "shard": "east" }, { "to": 255, "shard": "west" } ] }"#)?;
/// assert_eq!(map.shard_of("acme")?, "west");
/// let slot = ShardMap::slot("globex");
/// assert_eq!(map.shard_of("globex")?, if slot < 128 { "east" } else { "west" });
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ShardMap(Document);

fn wrong(what: &str) -> Error {
    Error::new(Code::InputBadOption, format!("the map of the shards: {what}"))
}

impl ShardMap {
    /// Reads a map.
    ///
    /// # Errors
    /// `input.bad_option` for one that is not understood, or that names a shard which is nowhere.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // What the parser says could have an address in it, and an address a password.
        let document: Document = serde_json::from_str(text)
            .map_err(|error| wrong(&format!("line {}, column {} is not understood", error.line(), error.column())))?;
        if document.v != 1 {
            return Err(wrong("`v` is not 1"));
        }
        let named = document.names.values().chain(document.slots.iter().map(|slots| &slots.shard));
        for shard in named.chain(&document.home) {
            if !document.shards.contains_key(shard) {
                return Err(wrong(&format!("no shard is called `{shard}`")));
            }
        }
        if document.names.keys().any(|name| name.parse::<TenantId>().is_err()) {
            return Err(wrong("a name under `names` is no tenant's"));
        }
        let ascends = document.slots.windows(2).all(|two| matches!(two, [one, other] if one.to < other.to));
        let ends = document.slots.last().is_none_or(|last| last.to == u8::MAX);
        if !ascends || !ends {
            return Err(wrong("`slots` do not ascend to 255"));
        }
        if !document.leased.is_empty() && document.home.is_none() {
            return Err(wrong("`leased` needs a `home`"));
        }
        Ok(Self(document))
    }

    /// The map as it stands in a file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap_or_default()
    }

    /// It grows with every change.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// By what leads are divided.
    pub fn by(&self) -> ShardedBy {
        self.0.by
    }

    /// The names of the shards, each with its address.
    pub fn shards(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.shards.iter().map(|(name, url)| (name.as_str(), url.as_str()))
    }

    /// Owners whose caps are shared by leases.
    pub fn leased(&self) -> &BTreeSet<String> {
        &self.0.leased
    }

    /// The shard that keeps the whole of those caps.
    pub fn home(&self) -> Option<&str> {
        self.0.home.as_deref()
    }

    /// The slot of a name: the first byte of a hash of it, in every version and language.
    ///
    /// ```
    /// assert_eq!(leadwright_postgres::ShardMap::slot("main"), 253);
    /// ```
    pub fn slot(name: &str) -> u8 {
        let hash = Sha256::digest(["lw1|shard|", name].concat());
        hash.first().copied().unwrap_or_default()
    }

    /// The names that have a shard of their own, whatever their slot.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names.keys().map(String::as_str)
    }

    /// Whether a name has a shard of its own, whatever its slot.
    pub fn is_named(&self, name: &str) -> bool {
        self.0.names.contains_key(name)
    }

    /// The shard of a tenant, a vertical or a source.
    ///
    /// # Errors
    /// `input.bad_option` for a name that has no shard.
    pub fn shard_of(&self, name: &str) -> Result<&str, Error> {
        let by_name = self.0.names.get(name).map(String::as_str);
        let found = by_name.or_else(|| self.slot_of(Self::slot(name)));
        found.ok_or_else(|| wrong(&format!("nothing is said of `{name}`")))
    }

    /// The shard of a slot, for what has none by name.
    pub(super) fn slot_of(&self, slot: u8) -> Option<&str> {
        self.0.slots.iter().find(|slots| slot <= slots.to).map(|slots| slots.shard.as_str())
    }

    /// The shard of a slot that is to be moved.
    pub(super) fn of_slot(&self, slot: u8) -> Result<&str, Error> {
        if self.by() != ShardedBy::Tenant {
            return Err(Error::new(Code::InputBadOption, "leads are not divided by tenant: name what is to be moved"));
        }
        self.slot_of(slot).ok_or_else(|| Error::new(Code::InputBadOption, format!("nothing is said of slot {slot}")))
    }

    /// The name that a lead belongs to, where leads are divided by vertical or by source: the tenant of the engine that is to
    /// decide it. None where the lead does not say it, or leads are divided by tenant.
    ///
    /// ```
    /// use leadwright_postgres::ShardMap;
    /// let map = ShardMap::parse(r#"{ "v": 1, "version": 1, "by": "vertical", "shards": { "a": "postgres://db.internal/a" },
    ///     "slots": [ { "to": 255, "shard": "a" } ] }"#)?;
    /// assert_eq!(map.name_of(br#"{"source": "web", "vertical": "solar"}"#).as_deref(), Some("solar"));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn name_of(&self, lead: &[u8]) -> Option<String> {
        #[derive(Deserialize)]
        struct Says {
            vertical: Option<String>,
            source: Option<String>,
        }
        let says: Says = serde_json::from_slice(lead).ok()?;
        match self.0.by {
            ShardedBy::Tenant => None,
            ShardedBy::Vertical => says.vertical,
            ShardedBy::Source => says.source,
        }
    }

    /// The next map, in which a name is in this shard.
    #[must_use]
    pub(crate) fn with_name(&self, name: &str, shard: &str) -> Self {
        let mut next = self.0.clone();
        next.version = next.version.saturating_add(1);
        next.names.insert(name.to_owned(), shard.to_owned());
        Self(next)
    }

    /// The next map, in which a slot is in this shard; names that have one of their own keep it.
    #[must_use]
    pub(crate) fn with_slot(&self, slot: u8, shard: &str) -> Self {
        let mut next = self.0.clone();
        next.version = next.version.saturating_add(1);
        next.slots = Vec::new();
        for number in 0..=u8::MAX {
            let whose = self.0.slots.iter().find(|slots| number <= slots.to);
            let Some(whose) = (if number == slot { Some(shard) } else { whose.map(|slots| slots.shard.as_str()) })
            else {
                continue;
            };
            match next.slots.last_mut() {
                Some(last) if last.shard == whose => last.to = number,
                _ => next.slots.push(Slots { to: number, shard: whose.to_owned() }),
            }
        }
        Self(next)
    }
}

impl std::fmt::Debug for ShardMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShardMap({}, {} shards)", self.0.version, self.0.shards.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(slots: &str) -> Result<ShardMap, Error> {
        ShardMap::parse(&format!(
            r#"{{"v": 1, "version": 3, "by": "tenant", "shards": {{"a": "postgres://u:secret@a/x", "b": "postgres://b/x"}},
                "slots": {slots}}}"#
        ))
    }

    #[test]
    fn maps_that_leave_something_out_are_refused_and_say_no_address() {
        for slots in [r#"[{"to": 9, "shard": "a"}]"#, r#"[{"to": 255, "shard": "c"}]"#, r#"[{"to": 255}]"#] {
            let error = map(slots).unwrap_err();
            assert_eq!(error.code(), Code::InputBadOption, "{slots}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let twice = r#"[{"to": 9, "shard": "a"}, {"to": 9, "shard": "b"}, {"to": 255, "shard": "a"}]"#;
        assert!(map(twice).is_err());
    }

    #[test]
    fn one_slot_moves_and_all_others_stay() {
        let before = map(r#"[{"to": 99, "shard": "a"}, {"to": 255, "shard": "b"}]"#).unwrap();
        for slot in [0, 42, 99, 100, 255] {
            let after = before.with_slot(slot, "a");
            assert_eq!(after.version(), 4);
            assert_eq!(ShardMap::parse(&after.to_json()).unwrap(), after);
            for number in 0..=u8::MAX {
                let of = |map: &ShardMap| map.0.slots.iter().find(|slots| number <= slots.to).unwrap().shard.clone();
                let want = if number == slot { "a".to_owned() } else { of(&before) };
                assert_eq!(of(&after), want, "slot {slot}, {number}");
            }
        }
    }
}
