//! What people do about a world: operations, the queue, problems, and those who want to be forgotten.

use super::World;
use crate::sim::ledger::{Broken, Held, broken, unread};
use crate::sim::market;
use leadwright::care;
use leadwright::model::{Code, Timestamp};
use leadwright::operate::{Operation, Person, Release};
use leadwright::store::Store;
use serde_json::{Value, json};

impl World<'_> {
    pub(super) fn operate(&mut self) -> Held {
        let contract = *self.dice.one(&["acme-1", "bolt-1", "cool-1", "eel-1"]);
        let until = self.dice.chance(600).then(|| Timestamp::EPOCH.plus_millis(self.now + 3_700_000).to_string());
        let set = |set: serde_json::Value| {
            let mut said = json!({"op":"override","contract":contract,"set":set,"by":"ann","reason":"a test"});
            if let Some(until) = &until {
                said["until"] = json!(until);
            }
            said
        };
        let mut person = None;
        let said = match self.dice.below(12) {
            0 => set(json!({"status": "paused"})),
            1 => set(json!({"status": "active"})),
            2 => {
                json!({"op":"override","contract":"acme-1","set":{"caps":{"day": self.dice.below(40)}},"by":"ann","reason":"a test"})
            }
            3..=4 => json!({"op":"clear","contract":contract,"by":"ann","reason":"over"}),
            5..=8 => {
                let add = *self.dice.one(&["100.00", "60.00", "-20.00", "0.4321"]);
                let mut said = json!({"op":"funds","buyer":"bolt","add":add,"by":"bob","reason":"paid"});
                if self.dice.chance(700) {
                    said["key"] = json!(format!("p{}", self.dice.below(self.next)));
                }
                said
            }
            kind => {
                let phone = market::anybody(&mut self.dice);
                person = Some(format!("+1{}", phone.replace('-', "")));
                json!({"op": if kind == 11 { "restore" } else { "revoke" }, "phone": phone})
            }
        };
        self.ledger.person = person;
        self.operated(&said).map(drop)
    }

    /// Does an operation; whether it was done now.
    pub(super) fn operated(&mut self, said: &Value) -> Result<bool, Broken> {
        let (node, tick) = self.any();
        let operation = Operation::read(&said.to_string()).map_err(|error| broken("I3", error.to_string()))?;
        let done = self.nodes[node].engine.operate(&operation, tick.now);
        let is_new = done.as_ref().is_ok_and(|done| !done.replayed);
        let name = match done {
            Ok(done) if done.replayed => "done before",
            Ok(_) => "done",
            // What the plan does not permit has changed nothing: the ledger would see it.
            Err(error) if error.code().as_str().starts_with("operation.") => error.code().as_str(),
            Err(error) => return self.refused(&error).map(|()| false),
        };
        self.say(name);
        Ok(is_new)
    }

    /// Somebody looks at a lead that waits.
    pub(super) fn release(&mut self) -> Held {
        let waiting = self.memory.queue(&self.tenant, None, 0, 40).map_err(unread)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let lead = self.dice.one(&waiting).1.decision.to_string();
        let mut said = json!({"lead": lead, "do": "release", "by": "ann", "reason": "looked at"});
        match self.dice.below(3) {
            0 => said["do"] = json!("drop"),
            1 => {
                said["do"] = json!("fix");
                said["with"] = json!({"name": "Ada Brown"});
            }
            _ => {}
        }
        let release = Release::read(&said.to_string()).map_err(|error| broken("I3", error.to_string()))?;
        let (node, tick) = self.any();
        let done = self.nodes[node].engine.release(&release, tick);
        self.enter()?;
        match done {
            Ok(decided) => self.answer(&decided),
            Err(error) if error.code() == Code::QueueNotWaiting => {
                Err(broken("I4", format!("{lead} waits, and was decided")))
            }
            Err(error) => self.refused(&error),
        }
    }

    /// Somebody says something about a problem of the error ledger.
    pub(super) fn note(&mut self) -> Held {
        let problems = self.memory.problems(&self.tenant).map_err(unread)?;
        if problems.is_empty() {
            return Ok(());
        }
        let problem = self.dice.one(&problems).group.fingerprint.to_string();
        let op = *self.dice.one(&["acknowledge", "resolve"]);
        let said = json!({"op": op, "problem": problem, "by": "ann", "reason": "seen"}).to_string();
        let operation = Operation::read(&said).map_err(|error| broken("I3", error.to_string()))?;
        let (node, tick) = self.any();
        let done = self.nodes[node].engine.operate(&operation, tick.now);
        done.map(drop).or_else(|error| self.refused(&error))
    }

    /// Leads with a problem are decided again.
    pub(super) fn retry(&mut self) -> Held {
        let problems = self.memory.problems(&self.tenant).map_err(unread)?;
        if problems.is_empty() {
            return Ok(());
        }
        let problem = self.dice.one(&problems).group.fingerprint;
        let (node, tick) = self.any();
        let dry = self.dice.chance(300);
        let tried = self.nodes[node].engine.retry(&problem, tick, dry);
        self.enter()?;
        match tried {
            Ok(all) => all.iter().filter_map(|one| one.decided.as_ref()).try_for_each(|decided| self.answer(decided)),
            Err(error) => self.refused(&error),
        }
    }

    /// A person is erased.
    pub(super) fn forget(&mut self) -> Held {
        let phone = Some(market::anybody(&mut self.dice));
        let person = Person { phone, by: Some("ann".into()), reason: Some("a letter".into()), ..Person::default() };
        let now = Timestamp::EPOCH.plus_millis(self.now);
        let done = care::forget(&*self.store, &self.tenant, &person, now, &mut |_| {});
        done.map(drop).or_else(|error| self.refused(&error))
    }
}
