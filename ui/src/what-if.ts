// What `leadwright what-if --json` writes, as far as it is shown.

/** Something by the old plan and by the new one. */
export interface Pair<T> {
  old: T;
  new: T;
}

/** Leads and money. Amounts are texts. */
export interface Sums {
  sold: number;
  sales: number;
  revenue: string;
  payout: string;
  margin: string;
}

/** A part of the new plan's sales. */
export interface BasisPart {
  sales: number;
  revenue: string;
  margin: string;
}

/** What one thing comes to by both plans. */
export interface SumsOf extends Pair<Sums> {
  id: string;
}

/** A cap that was full, or turned leads away. */
export interface CapPressure {
  owner: string;
  window: string;
  measure: string;
  limit: string;
  filled: number;
  first_filled: string | null;
  usually_at: string | null;
  turned_away: number;
  unsold: number;
  unsold_money: string;
}

/** One way in which leads change. */
export interface ChangeReason {
  contract: string;
  old: string;
  new: string;
  leads: number;
  revenue: string;
  /** `source/lead` of some. */
  examples: string[];
}

/** Two plans over the same leads. */
export interface WhatIfReport {
  v: 1;
  plans: Pair<{ name: string; hash: string }>;
  currency: string;
  leads: { read: number; no_lead: number; again: number; first: string | null; last: string | null };
  outcomes: ({ outcome: string } & Pair<number>)[];
  total: Pair<Sums>;
  basis: {
    /** `old_plan` where no store was given. */
    history: string;
    observed: BasisPart;
    other_terms: BasisPart;
    never_offered: BasisPart;
    given_up: BasisPart;
    difference: string;
    without_assumed: string;
    unlike_history: number;
  };
  contracts: SumsOf[];
  sources: SumsOf[];
  caps: Pair<CapPressure[]>;
  changes: { leads: number; lost: number; won: number; moved: number; reasons: ChangeReason[] };
}
