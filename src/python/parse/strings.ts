/** Python's string literals: prefixes, quotes and escapes. */

/** The text of a literal between its quotes, and whether it is of bytes. */
export function literalText(source: string): { readonly text: string; readonly bytes: boolean } {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)('''|"""|'|")/.exec(source) ?? [];
  const end = source.endsWith(quote) && source.length >= prefix.length + 2 * quote.length;
  const inner = source.slice(prefix.length + quote.length, end ? source.length - quote.length : undefined);
  const raw = /r/i.test(prefix);
  return { text: raw ? inner : unescaped(inner), bytes: /b/i.test(prefix) };
}

const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\n': '' };

/** A text with Python's escapes resolved. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (simple[code] ?? code),
  );
}

/** A number as Python writes it; undefined for an imaginary one. */
export function literalNumber(
  source: string,
): { readonly type: 'int' | 'float'; readonly value: number } | undefined {
  const text = source.replaceAll('_', '');
  if (/j$/i.test(text)) return undefined;
  const whole = /^(0[xob][0-9a-f]+|[0-9]+)$/i.test(text);
  const value = Number(whole && /^0[0-9]/.test(text) ? Number.parseInt(text, 10) : text);
  return Number.isNaN(value) ? undefined : { type: whole ? 'int' : 'float', value };
}
