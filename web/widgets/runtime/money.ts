/** Money as whole minor units (cents, fen) with its currency; never a fraction in between. */
export interface Money {
  minor: number;
  currency: string;
}

/** Digits after the point of a currency: CNY 2, JPY 0. An unknown currency has 2. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', {style: 'currency', currency}).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Reads a decimal by its digits (`899`, `"899.5"`), rounded half away from zero where it has too many; undefined when it is none. */
export function minorOf(amount: number | string | null | undefined, currency: string): number | undefined {
  const parts = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(String(amount ?? '').trim());
  if (!parts) return undefined;
  const digits = digitsOf(currency);
  const fraction = (parts[3] ?? '').padEnd(digits + 1, '0');
  const up = fraction.charCodeAt(digits) >= 53 ? 1 : 0;
  const value = Number(parts[2]) * 10 ** digits + Number(fraction.slice(0, digits) || 0) + up;
  return parts[1] && value ? -value : value;
}

/** The decimal that events carry: exactly as many digits as the currency has. */
export function decimalOf(money: Money): string {
  const digits = digitsOf(money.currency);
  const text = String(Math.abs(money.minor)).padStart(digits + 1, '0');
  const sign = money.minor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function shownMoney(money: Money, language: string): string {
  const amount = Number(decimalOf(money));
  const whole = money.minor % 10 ** digitsOf(money.currency) === 0;
  try {
    return new Intl.NumberFormat(language, {
      style: 'currency', currency: money.currency, currencyDisplay: 'narrowSymbol', ...(whole ? {maximumFractionDigits: 0, minimumFractionDigits: 0} : {}),
    }).format(amount);
  } catch {
    return `${decimalOf(money)} ${money.currency}`;
  }
}

export interface Line {
  product_id: string;
  quantity: number;
  price: Money;
}

/** What the lines cost together. All lines are of one currency: the first line's; a line of another is not added. */
export function totalOf(lines: readonly Line[]): Money {
  const currency = lines[0]?.price.currency ?? 'CNY';
  const same = lines.filter((line) => line.price.currency === currency);
  return {minor: same.reduce((sum, line) => sum + line.price.minor * line.quantity, 0), currency};
}
