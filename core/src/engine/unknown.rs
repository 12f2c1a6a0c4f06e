//! A commit of which the store cannot say whether it happened: it is looked up before anybody is answered.
//!
//! What is not there is settled again, once. That a transaction cannot be seen is no proof that it never will be: its pages
//! may lie behind the end of the write-ahead log until somebody writes over them. So only a commit that went well says that
//! the one before it did not happen, and until then the answer stays "not known".

use super::doors::{Decided, Engine};
use super::prepare::Prepared;
use crate::model::{Code, Error, Receipt};
use crate::plan::Plan;
use crate::store::Transaction;

/// Whether an error leaves open what happened.
pub(super) fn is_open(error: &Error) -> bool {
    error.code() == Code::StoreCommitUnknown
}

/// What decides leads within a transaction.
type Work<'a> = &'a mut dyn FnMut(&mut dyn Transaction) -> Result<Vec<Decided>, Error>;

/// An answer that says whether it was given before.
pub(super) trait Repeated: PartialEq {
    /// The same, given before.
    fn repeated(&self) -> Self;
}

impl Engine {
    /// Settles leads in one transaction and knows what became of them, or says that nobody does.
    pub(super) fn settle_surely(&self, plan: &Plan, leads: &[Prepared]) -> Result<Vec<Decided>, Error> {
        let (decided, done) = self.transact(plan, &leads.iter().collect::<Vec<_>>());
        let unknown = match done {
            Ok(()) => return Ok(decided),
            Err(error) if is_open(&error) => error,
            Err(error) => return Err(error),
        };
        let mut answers = self.recorded(decided, leads.len()).map_err(|_| unknown.clone())?;
        let rest: Vec<&Prepared> =
            leads.iter().zip(&answers).filter(|(_, answer)| answer.is_none()).map(|(lead, _)| lead).collect();
        if !rest.is_empty() {
            let (decided, done) = self.transact(plan, &rest);
            let again = match done {
                Ok(()) => decided.into_iter().map(Some).collect(),
                Err(error) if is_open(&error) => self.recorded(decided, rest.len()).map_err(|_| unknown.clone())?,
                Err(_) => return Err(unknown),
            };
            let open = answers.iter_mut().filter(|answer| answer.is_none());
            open.zip(again).for_each(|(answer, again)| *answer = again);
        }
        answers.into_iter().collect::<Option<Vec<_>>>().ok_or(unknown)
    }

    /// The same for work that leaves alone what it has done already: decides what it says, once.
    pub(super) fn surely(&self, work: Work<'_>) -> Result<Vec<Decided>, Error> {
        let (first, unknown) = match self.once(work) {
            (decided, Ok(())) => return Ok(decided),
            (decided, Err(error)) if is_open(&error) => (decided, error),
            (_, Err(error)) => return Err(error),
        };
        let (again, done) = self.once(work);
        done.map_err(|_| unknown.clone())?;
        let first: Vec<Decided> =
            first.into_iter().filter(|one| again.iter().all(|other| other.id != one.id)).collect();
        let count = first.len();
        let there = self.recorded(first, count).map_err(|_| unknown)?;
        Ok(there.into_iter().flatten().chain(again).collect())
    }

    /// The same for what answers something else than decisions, and says of itself when it was done before.
    pub(super) fn once_or_again<T: Repeated>(
        &self,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut attempt = || {
            let mut answer = None;
            let done = self.store().write(self.tenant(), &mut |transaction| {
                answer = Some(work(transaction)?);
                Ok(())
            });
            (answer, done)
        };
        let none = || Error::new(Code::InternalError, "nothing was done");
        let (first, unknown) = match attempt() {
            (answer, Ok(())) => return answer.ok_or_else(none),
            (answer, Err(error)) if is_open(&error) => (answer, error),
            (_, Err(error)) => return Err(error),
        };
        let (again, done) = attempt();
        done.map_err(|_| unknown)?;
        let again = again.ok_or_else(none)?;
        Ok(first.filter(|first| first.repeated() == again).unwrap_or(again))
    }

    fn once(&self, work: Work<'_>) -> (Vec<Decided>, Result<(), Error>) {
        let mut decided = Vec::new();
        let done = self.store().write(self.tenant(), &mut |transaction| {
            decided = work(transaction)?;
            Ok(())
        });
        (decided, done)
    }

    /// Those of the decisions that the store has, with the bytes that were to be answered; one place for each lead. Another
    /// decision under the same id is somebody else's.
    fn recorded(&self, decided: Vec<Decided>, leads: usize) -> Result<Vec<Option<Decided>>, Error> {
        let mut found = Vec::new();
        self.store().read(self.tenant(), &mut |view| {
            found.clear();
            for one in &decided {
                let there = view.body(&one.id)?.filter(|(_, body)| *body == one.body);
                found.push(there.map(|(seq, _)| seq));
            }
            Ok(())
        })?;
        let with_seq = |(one, seq): (Decided, Option<u64>)| {
            seq.map(|seq| Decided { receipt: Receipt { seq, ..one.receipt }, ..one })
        };
        let mut answers: Vec<Option<Decided>> = decided.into_iter().zip(found).map(with_seq).collect();
        answers.resize(leads, None);
        Ok(answers)
    }
}
