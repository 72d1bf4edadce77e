/** Numbers and tuples as Python prints them. */

/** A number: `1e-05` where JavaScript says `0.00001`. */
export function pythonNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-4 && size < 1e16)) return String(value);
  const [digits, exponent = ''] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.slice(1).padStart(2, '0')}`;
}

/** A number that is a float in Python: `1.0` where JavaScript says `1`. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : pythonNumber(value);
}

/** A tuple; one element is followed by a comma. */
export function pythonTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

/** A number, or a tuple where there are several. */
export function pythonSizes(value: number | readonly number[]): string {
  return typeof value === 'number' ? pythonNumber(value) : pythonTuple(value);
}

/** A truth value. */
export function pythonBool(value: boolean): string {
  return value ? 'True' : 'False';
}
