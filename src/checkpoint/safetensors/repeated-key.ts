/** JSON that names a key twice: readers differ in which one counts, so that such a file is not to be trusted. */

/** A key that an object of this JSON has twice, or undefined. The text must be valid JSON. */
export function repeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    const [token, colon] = match;
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (colon !== undefined) {
      const key: unknown = JSON.parse(token.slice(0, token.length - colon.length));
      const keys = objects.at(-1);
      if (typeof key !== 'string' || keys === undefined) continue;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
