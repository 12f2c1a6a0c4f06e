// Amounts are texts with decimals, and never floats.

const SCALE = 4;

/** In 1/10,000; undefined for what is no amount. */
export function units(amount: string): bigint | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(amount);
  if (parts === null) return undefined;
  const whole = BigInt(`${parts[2]}${(parts[3] ?? '').padEnd(SCALE, '0')}`);
  return parts[1] === '-' ? -whole : whole;
}

/** With 2 to 4 decimals, as the core writes it. */
export function written(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(SCALE + 1, '0');
  const decimals = digits.slice(-SCALE).replace(/0{1,2}$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${decimals}`;
}

/** `+12.50`, `-3.00`, `0.00`: from one amount to another; nothing where one of them is none. */
export function difference(from: string, to: string): string {
  const [a, b] = [units(from), units(to)];
  return a === undefined || b === undefined ? '' : signed(written(b - a));
}

/** With a plus where it is more than nothing. */
export function signed(amount: string): string {
  return (units(amount) ?? 0n) > 0n ? `+${amount}` : amount;
}

/** Which way it goes, for colours beside the sign. */
export function direction(amount: string): 'more' | 'less' | 'same' {
  if (amount.startsWith('+')) return 'more';
  return amount.startsWith('-') ? 'less' : 'same';
}
