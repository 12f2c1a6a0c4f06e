//! A cap that several stores share: each has a part of it, its lease, and gives back what it does not need.
//!
//! Pure arithmetic over the three rows that a shared cap has. At home there is its [`Budget`] and, for each holder, its
//! [`Lease`]; where the holder decides there is its [`Purse`], in the same transactions as its decisions. Home and holder
//! speak to each other by [`Ticket`] and [`Receipt`]; both may be lost, come late or twice. Nothing here trusts a clock but
//! that of the holder's database, and that only to give a part back that nobody uses.
//!
//! What always holds: `used + leased + free = most`, and of what is leased no more is taken than was granted. So no more
//! is ever taken than the limit, and as long as nothing is lost nothing of it is.
//!
//! ```
//! use leadwright::limits::{Budget, Lease, Purse};
//! use leadwright::model::Timestamp;
//! let (now, until) = (Timestamp::EPOCH, Timestamp::EPOCH.plus_millis(10_000));
//! let (mut budget, mut lease, mut purse) = (Budget::new(100), Lease::default(), Purse::default());
//! let ticket = budget.grant(&mut lease, 4, 1).ok_or("nothing is free")?;
//! assert!(purse.put(ticket, until));
//! assert!(purse.take(ticket.fence, 1, now));
//! // The time of the lease is over: nothing can be taken, and what is left goes home.
//! assert!(!purse.take(ticket.fence, 1, until));
//! let receipt = purse.close(until).ok_or("it is not over")?;
//! assert!(budget.settle(&mut lease, receipt));
//! assert_eq!((budget.used, budget.leased, budget.free()), (1, 0, 99));
//! # Ok::<(), &str>(())
//! ```

use crate::model::Timestamp;

/// The whole of a cap, at home.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The limit.
    pub most: i64,
    /// What was taken by leases that are settled.
    pub used: i64,
    /// What is out in leases.
    pub leased: i64,
}

/// What is known at home of one holder's part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    /// Which lease of this holder it is: it grows with every new one.
    pub fence: u64,
    /// How much of it was granted; 0 once it is settled.
    pub granted: i64,
}

/// What home tells a holder: all that its lease has been granted so far. The same or an older one again changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Of which lease.
    pub fence: u64,
    /// All of it, not what was added.
    pub granted: i64,
}

/// What a holder tells home: how much was taken of a lease that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Of which lease.
    pub fence: u64,
    /// Less than nothing where more was given back than taken.
    pub spent: i64,
}

/// A holder's part, where it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purse {
    /// Of which lease.
    pub fence: u64,
    /// How much it was granted.
    pub granted: i64,
    /// How much of that was taken.
    pub spent: i64,
    /// What was given back while no lease was open; the next one begins with it.
    pub back: i64,
    /// From then on nothing can be taken.
    pub until: Timestamp,
    /// Whether more may be put into it and taken from it.
    pub is_open: bool,
}

impl Default for Purse {
    fn default() -> Self {
        Self { fence: 0, granted: 0, spent: 0, back: 0, until: Timestamp::EPOCH, is_open: false }
    }
}

/// How much is granted at once: a quarter of what would be each holder's, so that all of them get some; at least `grain`,
/// where there is so much; and in the end what there is.
///
/// ```
/// use leadwright::limits::part;
/// assert_eq!(part(8_000, 8, 1), 250);
/// assert_eq!((part(31, 8, 1), part(1, 8, 1), part(0, 8, 1)), (1, 1, 0));
/// assert_eq!(part(1_000, 8, 400), 400);
/// ```
pub fn part(free: i64, holders: i64, grain: i64) -> i64 {
    let quarter = free.checked_div(holders.saturating_mul(4)).unwrap_or(free);
    quarter.max(grain).min(free).max(0)
}

impl Budget {
    /// All of it is free.
    pub fn new(most: i64) -> Self {
        Self { most, used: 0, leased: 0 }
    }

    /// What may be granted; less than nothing where the limit was lowered under what is used.
    pub fn free(&self) -> i64 {
        self.most.saturating_sub(self.used).saturating_sub(self.leased)
    }

    /// Grants a part to a holder, on top of what its lease has; none where nothing is free. `holders` are all who have a
    /// part, this one among them.
    pub fn grant(&mut self, lease: &mut Lease, holders: i64, grain: i64) -> Option<Ticket> {
        let part = part(self.free(), holders, grain);
        if part == 0 {
            return None;
        }
        if lease.granted == 0 {
            lease.fence = lease.fence.saturating_add(1);
        }
        lease.granted = lease.granted.saturating_add(part);
        self.leased = self.leased.saturating_add(part);
        Some(Ticket { fence: lease.fence, granted: lease.granted })
    }

    /// Takes back what a closed lease has left. A receipt of another lease, or of one that is settled, changes nothing.
    pub fn settle(&mut self, lease: &mut Lease, receipt: Receipt) -> bool {
        let is_its = receipt.fence == lease.fence && lease.granted > 0;
        if is_its {
            self.used = self.used.saturating_add(receipt.spent);
            self.leased = self.leased.saturating_sub(lease.granted);
            lease.granted = 0;
        }
        is_its
    }
}

impl Purse {
    /// What can be taken while its time lasts.
    pub fn left(&self) -> i64 {
        if self.is_open { self.granted.saturating_sub(self.spent) } else { 0 }
    }

    /// Puts what was granted into it, and lets it last until then. Refused for a lease that is closed or older.
    pub fn put(&mut self, ticket: Ticket, until: Timestamp) -> bool {
        if ticket.fence == self.fence && self.is_open {
            self.granted = self.granted.max(ticket.granted);
        } else if ticket.fence > self.fence && !self.is_open {
            self.begin(ticket.fence, ticket.granted);
            self.is_open = true;
        } else {
            return false;
        }
        self.until = until;
        true
    }

    fn begin(&mut self, fence: u64, granted: i64) {
        self.fence = fence;
        self.granted = granted;
        self.spent = self.back.saturating_neg();
        self.back = 0;
    }

    /// Lets it last longer, without home. Refused once it is closed.
    pub fn renew(&mut self, fence: u64, until: Timestamp) -> bool {
        let is_its = self.is_open && fence == self.fence;
        if is_its {
            self.until = until;
        }
        is_its
    }

    /// Takes so much. Refused where the lease is another one than was looked at, is over, or has not enough left.
    pub fn take(&mut self, fence: u64, much: i64, now: Timestamp) -> bool {
        let may = self.is_open && fence == self.fence && now < self.until && self.left() >= much;
        if may {
            self.spent = self.spent.saturating_add(much);
        }
        may
    }

    /// Gives back what was taken once, by whichever lease.
    pub fn give(&mut self, much: i64) {
        if self.is_open {
            self.spent = self.spent.saturating_sub(much);
        } else {
            self.back = self.back.saturating_add(much);
        }
    }

    /// Closes it, once its time is over: from then on nothing can be taken or put. Again it says the same.
    pub fn close(&mut self, now: Timestamp) -> Option<Receipt> {
        if self.is_open && now < self.until {
            return None;
        }
        self.is_open = false;
        Some(Receipt { fence: self.fence, spent: self.spent })
    }

    /// Closes a lease of which the holder may never have heard: a ticket that comes later is refused.
    pub fn close_lost(&mut self, fence: u64, now: Timestamp) -> Option<Receipt> {
        if fence > self.fence && !self.is_open {
            self.begin(fence, 0);
        }
        self.close(now).filter(|receipt| receipt.fence == fence)
    }
}
