/** What the fields of a table are: numbers, words, or nothing. */

const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/** Whether a field says that there is no value. */
export function isMissing(field: string): boolean {
  return MISSING.has(field.trim().toLowerCase());
}

/**
 * A field as a number; NaN where there is no value, `undefined` where it is no number. A comma may be a decimal one
 * where it delimits nothing.
 */
export function toNumber(field: string, delimiter: string): number | undefined {
  const value = Number(field);
  if (field !== '' && !Number.isNaN(value)) return Number.isFinite(value) ? value : undefined;
  const text = field.trim();
  if (isMissing(text)) return Number.NaN;
  if (delimiter !== ',' && /^[+-]?\d+,\d+$/.test(text)) return Number(text.replace(',', '.'));
  return undefined;
}

/** Names of classes in the order in which a person would write them down: numbers by their value, words by the alphabet. */
export function sortedClasses(names: Iterable<string>): string[] {
  const all = [...new Set(names)];
  const numbers = all.every(name => name.trim() !== '' && Number.isFinite(Number(name)));
  return numbers ? all.sort((a, b) => Number(a) - Number(b)) : all.sort();
}

/** Labels as written, `3`, `3.0` and ` 3` being the same. */
export function labelOf(field: string): string {
  const text = field.trim();
  return /^[+-]?\d+\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text;
}
