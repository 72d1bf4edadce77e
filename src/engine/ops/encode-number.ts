/** Numbers as attributes: JSON has no infinities, no NaN and no negative zero. */
export function encodeNumber(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}
