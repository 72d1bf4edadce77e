/** JSON that names a key twice: readers differ in which one counts, so that such a file is not to be trusted. */

/**
 * A key that an object of this JSON has twice, or undefined. The text must be valid JSON. It is walked by hand: a header
 * may have a hundred million characters, on which a regular expression runs out of stack.
 */
export function repeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') objects.push(new Set());
    else if (character === '}') objects.pop();
    else if (character === '"') {
      const start = at;
      at = endOfText(json, start);
      const keys = objects.at(-1);
      if (keys === undefined || !beforeColon(json, at)) continue;
      const key: unknown = JSON.parse(json.slice(start, at + 1));
      if (typeof key !== 'string') continue;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** The quote that ends the text which the quote at `start` begins. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** Whether a colon is the next that is no space: what was before it is a key. */
function beforeColon(json: string, end: number): boolean {
  let at = end + 1;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
  return json[at] === ':';
}
