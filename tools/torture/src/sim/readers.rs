//! Those who read the events, and crash: each is handed out every event, in order, and only the last who came under a name
//! may move its cursor.

use super::dice::Dice;
use super::ledger::{Broken, Held, Ledger, must};
use leadwright::engine::Engine;
use leadwright::events::Subscription;
use leadwright::model::{Code, SubscriberName};
use leadwright::store::Begin;

/// Somebody who reads under a name.
struct Reader {
    subscription: Subscription,
    fence: u64,
    /// The last event that it was handed out.
    read: u64,
}

/// A name, and all who read under it.
struct Name {
    name: SubscriberName,
    readers: Vec<Reader>,
    /// Every event up to here was handed out to somebody.
    handed: u64,
}

pub(crate) struct Readers(Vec<Name>);

/// What an error of the store says, whether or not it is one.
fn of_store(code: Code) -> bool {
    matches!(code, Code::StoreIo | Code::StoreFull | Code::StoreCommitUnknown)
}

impl Readers {
    pub(crate) fn new() -> Self {
        let names = ["crm", "bills"].map(|name| SubscriberName::new(name).expect("a name"));
        Self(names.map(|name| Name { name, readers: Vec::new(), handed: 0 }).into())
    }

    /// Somebody comes, reads or acknowledges.
    pub(crate) fn step(
        &mut self,
        engine: &Engine,
        ledger: &mut Ledger,
        dice: &mut Dice,
        enter: &mut dyn FnMut(&mut Ledger) -> Held,
    ) -> Held {
        let at = dice.place(self.0.len());
        let name = &mut self.0[at];
        // Whoever comes finds another one there, as after a crash of a process that is not quite dead.
        if name.readers.is_empty() || dice.chance(60) {
            let opened = engine.subscribe(&name.name, &[], Begin::Start);
            enter(ledger)?;
            return match opened {
                Ok(subscription) => {
                    let known = ledger.subscribers.get(name.name.as_str());
                    let (fence, read) = known.map_or((0, 0), |known| (known.fence, known.position.unwrap_or(0)));
                    name.readers.push(Reader { subscription, fence, read });
                    if name.readers.len() > 3 {
                        name.readers.remove(0);
                    }
                    Ok(())
                }
                Err(error) => {
                    must(of_store(error.code()), "I11", || format!("`{}` cannot subscribe: {error}", name.name))
                }
            };
        }
        let last = name.readers.len() - 1;
        let place = if dice.chance(100) { dice.place(name.readers.len()) } else { last };
        let fence = ledger.subscribers.get(name.name.as_str()).map_or(0, |known| known.fence);
        let reader = &mut name.readers[place];
        let may = reader.fence == fence;
        let done = if dice.chance(600) {
            let polled = reader.subscription.poll(1 + dice.place(40));
            polled.map_err(|error| error.code()).map(|events| {
                for event in &events {
                    reader.read = event.position;
                }
                events.iter().map(|event| event.position).collect::<Vec<u64>>()
            })
        } else {
            let upto = reader.read - dice.below(3).min(reader.read);
            reader.subscription.ack(upto).map_err(|error| error.code()).map(|()| Vec::new())
        };
        enter(ledger)?;
        name.looked(may, done)
    }
}

impl Name {
    fn looked(&mut self, may: bool, done: Result<Vec<u64>, Code>) -> Held {
        let name = &self.name;
        match done {
            Ok(positions) => {
                must(may, "I11", || format!("`{name}` is read by two at once"))?;
                for position in positions {
                    let next = self.handed + 1;
                    must(position <= next, "I10", || {
                        format!("`{name}` was handed out event {position}, and never {next}")
                    })?;
                    self.handed = self.handed.max(position);
                }
                Ok(())
            }
            Err(Code::EventsFenced) => must(!may, "I11", || format!("`{name}` is read by one, who is fenced")),
            Err(code) if of_store(code) => Ok(()),
            Err(code) => Err(Broken { invariant: "I11", said: format!("`{name}`: {}", code.as_str()) }),
        }
    }
}
