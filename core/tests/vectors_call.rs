//! The golden vectors of calls that fail as a whole: `{"why","call":{"do",…},"want":{"code"}}`.
//!
//! Python and Node run those that they have a door for; what only they can do (`decide_closed`, `panic`) is left to them.

mod support;

use leadwright::engine::{Engine, EngineOptions, explain, replay};
use leadwright::events::{kinds_of, subscriber_name};
use leadwright::lists::{Entries, ListBuilder, ListFile, ListHash, ListHeader, ListOf, ListWriter, OpenFile};
use leadwright::model::{
    Code, DecisionId, Durability, EngineVersion, Error, Event, LeadId, TenantId, Tick, Timestamp, Waiting,
};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Observation, Operation, Release};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::redact::Redaction;
use leadwright::report::Messages;
use leadwright::store::{
    Begin, Keys, MemoryStore, OutboxEntry, ProblemGroup, RollupAdd, SqliteOptions, SqliteStore, Store, Stored,
    Transaction, View,
};
use leadwright::validate::ValidateOptions;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(serde::Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Call {
    OpenStore {
        #[serde(default)]
        text: Option<String>,
        #[serde(default)]
        version: Option<u8>,
        #[serde(default)]
        damaged_from: Option<usize>,
        #[serde(default)]
        folder: Option<String>,
    },
    OpenExisting {},
    Decide {
        bytes: usize,
    },
    Explain {
        id: String,
    },
    Replay {
        lose: Part,
    },
    FromBundle {
        bundle: String,
    },
    Validate {
        options: serde_json::Value,
    },
    Check {
        #[serde(default)]
        list_bytes: Option<usize>,
        #[serde(default)]
        contracts: Option<usize>,
    },
    /// A compiled list that was cut off after some bytes; without them, one that is not there.
    OpenList {
        #[serde(default)]
        cut: Option<usize>,
    },
    /// A store that was made with the key `k1` of 32 bytes 1, opened with keys of so many bytes 2.
    OpenSealed {
        with: std::collections::BTreeMap<String, usize>,
        /// The file of the keys.
        #[serde(default)]
        lose: bool,
    },
    WriteList {
        hash: String,
        digests: Vec<String>,
    },
    SetList {
        name: String,
    },
    /// A list of entries that are given one by one.
    MakeList {
        of: String,
        #[serde(default)]
        hash: Option<String>,
        #[serde(default)]
        form: Option<String>,
        entries: Vec<String>,
    },
    Redact {
        how: String,
        #[serde(default)]
        key: Option<String>,
    },
    Messages {
        texts: serde_json::Value,
    },
    Operate {
        /// One that was done before, or a lead that was decided.
        #[serde(default)]
        before: Option<serde_json::Value>,
        operation: serde_json::Value,
    },
    /// A lead that is decided first.
    Observe {
        lead: serde_json::Value,
        seen: serde_json::Value,
    },
    /// A lead that is decided, the plan in another currency, and another lead.
    OtherCurrency {
        currency: String,
        lead: serde_json::Value,
        then: serde_json::Value,
    },
    /// A prepared lead that is cut off after some bytes, or whose machine had another plan, tenant or version.
    SettleBatch {
        #[serde(default)]
        cut: Option<usize>,
        #[serde(default)]
        currency: Option<String>,
        #[serde(default)]
        tenant: Option<String>,
        #[serde(default)]
        version: Option<[String; 2]>,
    },
    /// A lead that is sold first, handed out, and reported as often as is said, the last time in vain.
    Deliver {
        claim: serde_json::Value,
        /// In place of the one that was handed out.
        #[serde(default)]
        id: Option<String>,
        told: Vec<serde_json::Value>,
    },
    Backup {},
    Release {
        said: serde_json::Value,
    },
    /// A lead where so many may wait.
    Crowd {
        waiting: usize,
    },
    Subscribe {
        name: String,
        types: Vec<String>,
    },
    SubscribeTwice {
        name: String,
    },
    DecideClosed {},
    Panic {},
}

#[derive(Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Plan,
    Reads,
    Lead,
}

const CONTRACT: &str =
    r#"{ "in": { "roofing/all": {} }, "caps": { "day": 2 }, "sell": { "exclusive": { "price": "40.00" } } }"#;

fn plan_text(lists: &str, contracts: &str) -> String {
    format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago", {lists}
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ "acme": {{ "contracts": {{ {contracts} }} }} }} }}"#
    )
}

fn plan() -> Plan {
    plan_in("USD")
}

fn plan_in(currency: &str) -> Plan {
    let text = plan_text("", &format!(r#""acme-il": {CONTRACT}"#)).replace("USD", currency);
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

fn tick() -> Tick {
    Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"))
}

/// A compiled list of one phone.
fn list() -> Vec<u8> {
    let entries = Entries::plain(ListOf::Phone);
    let header = ListHeader { id: "opt-outs".into(), version: None, made_at: None, entries: entries.clone() };
    let mut writer = ListWriter::new(Vec::new(), header).expect("a header");
    for digest in entries.digests("+13125550100") {
        assert!(writer.push(&digest).expect("it is written"));
    }
    writer.finish().expect("it is written").0
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("vectors-call").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for tests is writable");
    folder
}

/// The code that the call fails with; nothing for a call of the bindings.
fn code(call: Call) -> Option<Code> {
    let code = |error: Error| Some(error.code());
    match call {
        Call::OpenStore { text, version, damaged_from, folder: below } => {
            let path = folder("open").join(below.unwrap_or_default()).join("leads.db");
            if version.is_some() || damaged_from.is_some() {
                drop(SqliteStore::open(&path).expect("a store is made"));
                let mut bytes = std::fs::read(&path).expect("it is there");
                // SQLite's file format §1.3: the user version stands at 60.
                version.into_iter().for_each(|version| bytes[60..64].copy_from_slice(&[0, 0, 0, version]));
                damaged_from.into_iter().for_each(|from| bytes[from..4096].fill(0xFF));
                std::fs::write(&path, bytes).expect("writable");
            }
            text.into_iter().for_each(|text| std::fs::write(&path, text).expect("writable"));
            let before = std::fs::read(&path).ok();
            let error = SqliteStore::open(&path).expect_err("it is no store of ours");
            assert_eq!(std::fs::read(&path).ok(), before, "the file was touched");
            code(error)
        }
        Call::OpenSealed { with, lose } => {
            let path = folder("sealed").join("leads.db");
            let open = |keys: Result<Keys, Error>| {
                let options = SqliteOptions { keys: Some(keys?), ..SqliteOptions::default() };
                SqliteStore::with_options(&path, options)
            };
            drop(open(Keys::new([("k1", [1; 32])])).expect("a store is made"));
            if lose {
                std::fs::remove_file(path.with_extension("db.keys")).expect("it is there");
            }
            let before = std::fs::read(&path).ok();
            let opened = match with.is_empty() {
                true => SqliteStore::open(&path),
                false => open(Keys::new(with.into_iter().map(|(id, bytes)| (id, vec![2; bytes])))),
            };
            let error = opened.expect_err("it stays closed");
            assert_eq!(std::fs::read(&path).ok(), before, "the file was touched");
            assert_eq!(path.with_extension("db.keys").exists(), !lose);
            code(error)
        }
        Call::OpenExisting {} => {
            code(SqliteStore::open_existing(folder("missing").join("leads.db")).expect_err("none"))
        }
        Call::Decide { bytes } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            code(engine.decide(&vec![b'x'; bytes], tick()).expect_err("too long"))
        }
        Call::Explain { id } => match id.parse::<DecisionId>() {
            Ok(id) => code(explain(&MemoryStore::new(), &TenantId::default(), &id).expect_err("nothing was decided")),
            // What is no id is the id of nothing; the bindings and the command say so with the same code.
            Err(_) => Some(Code::ReplayNotFound),
        },
        Call::Replay { lose } => {
            let memory = Arc::new(MemoryStore::new());
            let engine = Engine::with_options(plan(), memory.clone(), Default::default()).expect("an engine");
            let lead = br#"{"id":"L1","source":"web","phone":"773-555-0123","zip":"60606"}"#;
            let decided = engine.decide(lead, tick()).expect("it decides");
            code(replay(&Loses { memory, part: lose }, &TenantId::default(), &decided.id).expect_err("it is lost"))
        }
        Call::FromBundle { bundle } => code(Plan::from_bundle(&bundle).expect_err("it is damaged")),
        Call::Validate { options } => {
            code(ValidateOptions::from_json(options.to_string().as_bytes()).expect_err("wrong"))
        }
        Call::Check { list_bytes, contracts } => {
            let each = |n: usize| format!(r#""c{n}": {CONTRACT}"#);
            let contracts: Vec<String> = (0..contracts.unwrap_or(1)).map(each).collect();
            let lists = r#""lists": { "opt-outs": { "file": "opt-outs.txt", "of": "phone" } },"#;
            let lists = if list_bytes.is_some() { lists } else { "" };
            let files = MemoryResolver::new([
                ("plan.jsonc", plan_text(lists, &contracts.join(",")).into_bytes()),
                ("opt-outs.txt", vec![b'\n'; list_bytes.unwrap_or(0)]),
            ]);
            let issues = Plan::check(&files, "plan.jsonc").issues;
            assert_eq!(issues.len(), 1, "{:?}", issues.first());
            Some(issues[0].code)
        }
        Call::OpenList { cut } => {
            let path = folder("list").join("opt-outs.lwlist");
            cut.into_iter().for_each(|cut| std::fs::write(&path, &list()[..cut]).expect("writable"));
            code(OpenFile::open(&path).and_then(ListFile::open).expect_err("it is no list"))
        }
        Call::WriteList { hash, digests } => {
            let hash: ListHash = hash.parse().expect("a hash");
            let entries = Entries::hashed(ListOf::Email, hash, None);
            let header = ListHeader { id: "opt-outs".into(), version: None, made_at: None, entries };
            let mut writer = ListWriter::new(Vec::new(), header).expect("a header");
            let digests = digests.iter().map(|digest| hash.parse_hex(digest).expect("a digest"));
            digests.map(|digest| writer.push(&digest)).find_map(Result::err).and_then(code)
        }
        Call::SetList { name } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let list = ListFile::open(list()).expect("a list");
            code(engine.set_list(&name, Arc::new(list)).expect_err("it does not fit"))
        }
        Call::MakeList { of, hash, form, entries } => {
            let made = ListBuilder::named(&of, hash.as_deref(), form.as_deref()).and_then(|mut builder| {
                entries.iter().try_for_each(|entry| builder.push(entry))?;
                builder.finish(None, None)
            });
            code(made.expect_err("it is no list"))
        }
        Call::Redact { how, key } => {
            code(Redaction::named(&how, key.as_ref().map(String::as_bytes)).expect_err("it hides nothing"))
        }
        Call::Messages { texts } => code(Messages::from_json(texts.to_string().as_bytes()).expect_err("it is none")),
        Call::Operate { before, operation } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let operate = |operation: serde_json::Value| {
                let read = Operation::read(&operation.to_string());
                read.and_then(|operation| engine.operate(&operation, tick().now))
            };
            if let Some(before) = before {
                if before.get("op").is_some() {
                    drop(operate(before).expect("it is done"));
                } else {
                    engine.decide(before.to_string().as_bytes(), tick()).expect("it decides");
                }
            }
            code(operate(operation).expect_err("it is refused"))
        }
        Call::Observe { lead, seen } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let lead = lead.to_string();
            engine.decide(lead.as_bytes(), tick()).expect("it decides");
            let seen = Observation::read(&seen.to_string());
            code(seen.and_then(|seen| engine.observe(lead.as_bytes(), &seen, tick())).expect_err("it is refused"))
        }
        Call::SettleBatch { cut, currency, tenant, version } => {
            let options = EngineOptions {
                tenant: tenant.map(|tenant| TenantId::new(tenant).expect("an id")).unwrap_or_default(),
                engine: version.map(|[version, data]| EngineVersion { version, data }),
                ..EngineOptions::default()
            };
            let plan_there = plan_in(currency.as_deref().unwrap_or("USD"));
            let worker = Engine::with_options(plan_there, Arc::new(MemoryStore::new()), options).expect("an engine");
            let mut row = worker.prepare_row(br#"{"id":"L1","source":"web","zip":"60606"}"#, tick());
            row.truncate(cut.unwrap_or(row.len()));
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            code(engine.settle_batch(&[row], 1).expect_err("it is refused"))
        }
        Call::OtherCurrency { currency, lead, then } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            engine.decide(lead.to_string().as_bytes(), tick()).expect("it decides");
            drop(engine.swap(plan_in(&currency)).expect("it is the plan now"));
            let money = Operation::read(r#"{"op":"funds","buyer":"acme","add":"1.00","by":"ann","reason":"paid"}"#);
            let deposit = engine.operate(&money.expect("an operation"), tick().now).expect_err("it is refused");
            let decided = engine.decide(then.to_string().as_bytes(), tick()).expect_err("it is refused");
            assert_eq!(deposit.code(), decided.code());
            code(decided)
        }
        Call::Deliver { claim, id, told } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let lead = br#"{"id":"L1","source":"web","phone":"773-555-0123","zip":"60606"}"#;
            engine.decide(lead, tick()).expect("it decides");
            let claimed = ClaimDeliveries::read(&claim.to_string()).and_then(|claim| engine.claim(&claim, tick().now));
            let sendings = match claimed {
                Ok(sendings) => sendings,
                Err(error) => return code(error),
            };
            let id = id.unwrap_or_else(|| sendings[0].id.clone());
            let report = |told: &serde_json::Value| {
                let read = DeliveryOutcome::read(&told.to_string());
                read.and_then(|outcome| engine.delivered(&id, &outcome, tick().now))
            };
            let (last, before) = told.split_last().expect("one at least");
            before.iter().for_each(|told| drop(report(told).expect("it is told")));
            code(report(last).expect_err("it is refused"))
        }
        Call::Backup {} => {
            let path = folder("backup").join("leads.db");
            let store = SqliteStore::open(&path).expect("a store is made");
            let before = std::fs::read(&path).expect("it is there");
            let error = store.backup(&path).expect_err("it is there already");
            assert_eq!(std::fs::read(&path).expect("it is there"), before, "the file was touched");
            code(error)
        }
        Call::Release { said } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let released = Release::read(&said.to_string()).and_then(|said| engine.release(&said, tick()));
            code(released.expect_err("it is refused"))
        }
        Call::Crowd { waiting } => {
            let options = EngineOptions { waiting: Some(waiting), ..EngineOptions::default() };
            let engine = Engine::with_options(plan(), Arc::new(MemoryStore::new()), options).expect("an engine");
            code(engine.decide(b"{}", tick()).expect_err("nobody may wait"))
        }
        Call::Subscribe { name, types } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let read = || {
                let (name, kinds) = (subscriber_name(&name)?, kinds_of(types.iter().map(String::as_str))?);
                engine.subscribe(&name, &kinds, Begin::Start)
            };
            code(read().expect_err("it is refused"))
        }
        Call::SubscribeTwice { name } => {
            let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
            let name = subscriber_name(&name).expect("a name");
            let subscribe = || engine.subscribe(&name, &[], Begin::Start).expect("it reads");
            let (first, second) = (subscribe(), subscribe());
            assert_eq!(first.ack(0).expect_err("somebody else reads").code(), Code::EventsFenced);
            second.ack(0).expect("it reads on");
            code(first.poll(1).expect_err("somebody else reads"))
        }
        Call::DecideClosed {} | Call::Panic {} => None,
    }
}

#[test]
fn every_vector_of_a_call_fails_with_its_code() {
    let all = support::files(&support::folder("call"));
    assert!(all.len() >= 17, "there are only {} vectors", all.len());
    for path in all {
        let text = std::fs::read_to_string(&path).expect("readable");
        let vector: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(vector["why"].is_string(), "{}", path.display());
        let call: Call = serde_json::from_value(vector["call"].clone())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Some(code) = code(call) {
            assert_eq!(code.as_str(), vector["want"]["code"], "{}", path.display());
        }
    }
}

/// A store that has lost a part of what it was given.
struct Loses {
    memory: Arc<MemoryStore>,
    part: Part,
}

type Result<T, E = Error> = std::result::Result<T, E>;

impl Store for Loses {
    fn write(&self, tenant: &TenantId, work: &mut dyn FnMut(&mut dyn Transaction) -> Result<()>) -> Result<()> {
        self.memory.write(tenant, work)
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<()>) -> Result<()> {
        self.memory.read(tenant, work)
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>> {
        let stored = self.memory.decision(tenant, id)?;
        Ok(stored.map(|mut stored| {
            if self.part == Part::Lead {
                stored.inner = Some([0; 32]);
            }
            if self.part == Part::Reads {
                let mut reads: serde_json::Value = serde_json::from_str(&stored.record.reads).expect("JSON");
                reads["counters"] = serde_json::json!({});
                stored.record.reads = reads.to_string();
            }
            stored
        }))
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>> {
        self.memory.find(tenant, lead)
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>> {
        self.memory.decisions(tenant, after, limit)
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<()> {
        self.memory.put_plan(hash, bundle)
    }

    fn plan(&self, hash: &str) -> Result<Option<String>> {
        if self.part == Part::Plan { Ok(None) } else { self.memory.plan(hash) }
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>> {
        self.memory.outbox(tenant, after, limit)
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>> {
        self.memory.events(tenant, after, limit)
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>> {
        self.memory.problems(tenant)
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>> {
        self.memory.queue(tenant, due, after, limit)
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>> {
        self.memory.rollups(tenant)
    }

    fn durability(&self) -> Durability {
        self.memory.durability()
    }
}
