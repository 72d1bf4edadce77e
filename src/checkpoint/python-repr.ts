/** Plain values as Python prints them. */
import { kindOf, type Stored, Tuple, Unresolved } from './stored';

/** Longest text that is given in full. */
const maxLength = 200;
/** How many items of a tuple or list are spelled out. */
const maxItems = 16;

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  if (/e/.test(text)) return text.replace(/e([+-])(\d)$/, 'e$10$2');
  return text.includes('.') ? text : `${text}.0`;
}

function quoted(text: string): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  const escaped = cut
    .replace(/[\\']/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/\p{Cc}/gu, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `'${escaped}'`;
}

function items(values: readonly Stored[]): string | undefined {
  const texts = values.slice(0, maxItems).map(pythonText);
  if (texts.some(text => text === undefined)) return undefined;
  return values.length > maxItems ? `${texts.join(', ')}, …` : texts.join(', ');
}

/**
 * A value in Python's spelling, cut where it is long; undefined for what is not plain: tensors, dicts, objects, and
 * lists of such.
 */
export function pythonText(value: Stored): string | undefined {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const inside = items(value);
    return inside === undefined ? undefined : `[${inside}]`;
  }
  if (value instanceof Tuple) {
    const inside = items(value.items);
    if (inside === undefined) return undefined;
    return value.items.length === 1 ? `(${inside},)` : `(${inside})`;
  }
  if (value instanceof Set) {
    const inside = items([...value]);
    if (value.size === 0) return 'set()';
    return inside === undefined ? undefined : `{${inside}}`;
  }
  if (value instanceof Unresolved && value.args === undefined) return value.name;
  return undefined;
}

/** Longest key: longer than any name of a parameter, and short enough that a file may name it often. */
const maxKey = 1000;

/** A key of a dict as it stands in a path, cut where it is longer than any name is. */
export function keyText(key: Stored): string {
  const text = typeof key === 'string' ? key : (pythonText(key) ?? kindOf(key));
  return text.length > maxKey ? `${text.slice(0, maxKey)}…` : text;
}

/** Python's name of the type of a value. */
export function typeText(value: Stored): string {
  if (value instanceof Unresolved) return value.name;
  return kindOf(value).replace(/^an? /, '');
}
