// What the report says: sums over the events, each counted once. It can be made anew from the log at any time.

/** Sums of leads, sales, deliveries and money. */
export class Totals {
  #last = '';
  #outcomes = {};
  #buyers = {};

  /** Counts an event, unless it was counted before: the order of the texts of `sequence` is that of the events. */
  add({ type, sequence, data }) {
    if (sequence <= this.#last) return;
    this.#last = sequence;
    switch (type) {
      case 'lead.decided.v1':
        this.#outcomes[data.outcome] = (this.#outcomes[data.outcome] ?? 0) + 1;
        break;
      case 'lead.assigned.v1':
        // What another system sold, it delivers.
        if (!data.observed) this.#sale(data, 1);
        break;
      case 'sale.fell.v1':
        this.#sale(data, -1);
        break;
      case 'sale.honored.v1':
        this.#sale(data, 1);
        break;
      case 'delivery.accepted.v1':
        this.#of(data.buyer).delivered += 1;
        break;
      default: // A later version may tell more.
    }
  }

  /** As it is told: money is a text with decimals. */
  toJSON() {
    const buyers = Object.entries(this.#buyers).map(([buyer, of]) => [buyer, { ...of, revenue: written(of.revenue) }]);
    return { up_to: this.#last, outcomes: { ...this.#outcomes }, buyers: Object.fromEntries(buyers) };
  }

  #of(buyer) {
    return (this.#buyers[buyer] ??= { sold: 0, delivered: 0, revenue: 0n });
  }

  #sale({ buyer, price }, sign) {
    const of = this.#of(buyer);
    of.sold += sign;
    of.revenue += BigInt(sign) * tenThousandths(price);
  }
}

/** `"12.50"` as 125000: money is no float. */
function tenThousandths(text) {
  const [whole, part] = text.split('.');
  return BigInt(whole + part.padEnd(4, '0'));
}

function written(amount) {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0');
  const part = digits.slice(-4).replace(/0{1,2}$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${part}`;
}
