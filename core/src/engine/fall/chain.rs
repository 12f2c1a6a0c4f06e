//! The decisions about a lead so far: who has it, who refused it.

use super::offers::{Kept, Offers};
use crate::books::is_test_answer;
use crate::engine::Engine;
use crate::model::{
    Assignment, AttemptClass, Code, DecisionId, Error, LeadId, Outcome, PostingKind, Problem, SourceId,
};
use crate::store::{EntryQuery, OutboxEntry, View};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What of a decision's text says to whom it sold.
#[derive(Deserialize)]
struct Told {
    outcome: Outcome,
    problems: Vec<Problem>,
    assignments: Vec<Assignment>,
}

impl Engine {
    /// What became of all that was sold of a lead up to its decision `last`; none where nothing was.
    pub(in crate::engine) fn offers(
        &self,
        view: &dyn View,
        source: &SourceId,
        lead: &LeadId,
        last: u32,
    ) -> Result<Option<Offers>, Error> {
        let mut offers = Offers::default();
        let (mut offered_to, mut came_back) = (BTreeSet::new(), false);
        for n in 1..=last {
            let id = DecisionId { source: source.clone(), lead: lead.clone(), n };
            let Some((_, body)) = view.body(&id)? else { continue };
            let told: Told = serde_json::from_slice(&body)
                .map_err(|_| Error::new(Code::StoreCorrupt, format!("the body of {id} cannot be read")))?;
            let is_sale = told.outcome == Outcome::Assigned && !is_test_answer(&told.problems);
            if is_sale && !told.assignments.is_empty() {
                let given_back = given_back(view, &id)?;
                came_back |= given_back.values().any(|why| why == RETURNED);
                offered_to.extend(told.assignments.iter().map(|sold| sold.buyer.clone()));
                offers.add(told.assignments, &given_back);
            }
        }
        if came_back {
            let kept: BTreeSet<_> = offers.kept.iter().map(|kept| &kept.buyer).collect();
            offered_to.retain(|buyer| !kept.contains(buyer));
            offers.not_to.append(&mut offered_to);
        }
        Ok(Some(offers).filter(|offers| offers.made > 0))
    }
}

impl Offers {
    fn add(&mut self, sales: Vec<Assignment>, given_back: &BTreeMap<String, String>) {
        for sold in sales {
            self.made = self.made.saturating_add(1);
            let Assignment { buyer, contract, group, sale, price, key, .. } = sold;
            let Some(why) = given_back.get(&key) else {
                self.kept.push(Kept { buyer, contract, group, sale, price, key });
                continue;
            };
            if why == RETURNED || why == AttemptClass::Duplicate.as_str() {
                self.not_to.insert(buyer);
            }
            self.refused.insert(contract, why.clone());
        }
    }
}

/// What is said of a sale that came back.
pub(in crate::engine) const RETURNED: &str = "returned";

/// The sales of a decision that fell or came back, by their delivery keys, and why.
pub(in crate::engine) fn given_back(view: &dyn View, decision: &DecisionId) -> Result<BTreeMap<String, String>, Error> {
    let query = EntryQuery { decision: Some(decision.clone()), ..EntryQuery::default() };
    let mut all = BTreeMap::new();
    for entry in view.entries(&query)? {
        let Some(sale) = entry.sale else { continue };
        match entry.posting.sum.kind {
            PostingKind::Return => drop(all.insert(sale.key, RETURNED.to_owned())),
            PostingKind::Release => drop(all.insert(sale.key, entry.reason)),
            // It came about after all. What came back stays so.
            PostingKind::Sale => all.retain(|key, why| *key != sale.key || why == RETURNED),
            _ => {}
        }
    }
    Ok(all)
}

/// Whether the sale of a delivery fell, and has not come about after all. One that its buyer gave back did not fall.
pub(in crate::engine) fn fell(view: &dyn View, entry: &OutboxEntry) -> Result<bool, Error> {
    Ok(given_back(view, &entry.decision)?.get(&entry.key).is_some_and(|why| why != RETURNED))
}
