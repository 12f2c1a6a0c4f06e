//! What every store must do with leads of the past.

use super::{Check, at, read, tenant};
use crate::model::{BuyerId, Code, ContractId, Error, LeadId, Money, SourceId, TenantId};
use crate::store::{Change, HistoryLead, HistorySale, Setting, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("leads of the past come in the order in which they were written", they_come_in_order),
    ("leads of the past are written with what stands beside them, or not at all", they_are_written_whole),
    ("a lead of the past is erased, and its sale stays", one_is_erased),
];

fn past(lead: &str, sales: Option<Vec<HistorySale>>) -> HistoryLead {
    let input = format!(r#"{{"id":"{lead}","source":"web","email":"Zoë@example.com"}}"#).into_bytes();
    HistoryLead { source: SourceId::known("web"), lead: LeadId::known(lead), at: at(0), input, sales }
}

fn sale() -> HistorySale {
    let price = Money::from_units(425_000).expect("an amount");
    HistorySale { buyer: BuyerId::known("acme"), contract: ContractId::known("acme-il"), price }
}

fn put(store: &dyn Store, tenant: &TenantId, leads: &[HistoryLead]) {
    store.write(tenant, &mut |transaction| transaction.put_history(leads)).expect("they are written");
}

fn they_come_in_order(store: &dyn Store) {
    let leads = [past("c", None), past("a", Some(Vec::new())), past("b", Some(vec![sale(), sale()]))];
    put(store, &tenant(), &leads[..2]);
    put(store, &TenantId::known("other"), &[past("z", None)]);
    put(store, &tenant(), &leads[2..]);
    put(store, &tenant(), &[]);
    // The same lead again is another row: who imports says what is new.
    put(store, &tenant(), &leads[..1]);
    let all = store.history(&tenant(), 0, 10).expect("read");
    assert!(all.is_sorted_by(|one, other| one.0 < other.0) && all[0].0 > 0, "{all:?}");
    let found: Vec<&HistoryLead> = all.iter().map(|(_, lead)| lead).collect();
    assert_eq!(found, [&leads[0], &leads[1], &leads[2], &leads[0]], "all of it comes back");
    assert_eq!(store.history(&tenant(), all[0].0, 2).expect("read"), all[1..3]);
    assert_eq!(store.history(&tenant(), all[3].0, 2).expect("read"), []);
    let other = store.history(&TenantId::known("other"), 0, 10).expect("read");
    assert_eq!(other.len(), 1, "tenants are apart");
}

fn they_are_written_whole(store: &dyn Store) {
    let cursor = |value: &str| Change {
        settings: vec![Setting { key: "import|leads".into(), value: Some(value.into()) }],
        ..Change::at(at(0))
    };
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.put_history(&[past("a", None)])?;
        transaction.change(&cursor("1"))?;
        Err(Error::new(Code::InternalError, "given up"))
    });
    assert!(failed.is_err());
    let setting = || read(store, &tenant(), |view| view.setting("import|leads"));
    assert_eq!((store.history(&tenant(), 0, 10).expect("read").len(), setting()), (0, None));
    let written = store.write(&tenant(), &mut |transaction| {
        transaction.put_history(&[past("a", None)])?;
        transaction.change(&cursor("1"))
    });
    written.expect("it is written");
    assert_eq!((store.history(&tenant(), 0, 10).expect("read").len(), setting()), (1, Some("1".into())));
    assert_eq!(store.decisions(&tenant(), 0, 10).expect("read").len(), 0, "it is no decision");
}

fn one_is_erased(store: &dyn Store) {
    let leads = [past("a", Some(vec![sale()])), past("b", None)];
    put(store, &tenant(), &leads);
    let all = store.history(&tenant(), 0, 10).expect("read");
    let erase = |positions: &[u64], fails: bool| {
        store.write(&tenant(), &mut |transaction| {
            transaction.erase_history(positions)?;
            if fails { Err(Error::new(Code::InternalError, "given up")) } else { Ok(()) }
        })
    };
    assert!(erase(&[all[0].0], true).is_err());
    assert_eq!(store.history(&tenant(), 0, 10).expect("read"), all);
    let other = store.write(&TenantId::known("other"), &mut |transaction| transaction.erase_history(&[all[1].0]));
    other.expect("there is nothing to erase");
    for _ in 0..2 {
        // Again, and one that is not there: nothing.
        erase(&[all[0].0, u64::from(u32::MAX)], false).expect("it is erased");
    }
    let left = HistoryLead { input: Vec::new(), ..leads[0].clone() };
    assert_eq!(store.history(&tenant(), 0, 10).expect("read"), [(all[0].0, left), all[1].clone()]);
}
