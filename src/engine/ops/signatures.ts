/**
 * How PyTorch's functions and methods are called: whoever reads Python, or asks what PyTorch was asked, finds the
 * engine's function here. Each file of operations says the signatures of its own.
 */

/** One of PyTorch's functions, and the engine's. */
export interface Signature {
  /** PyTorch's name, such as `clip`. */
  readonly name: string;
  /** The engine's function, as PyTorch would spell it: `clamp`. */
  readonly engine: string;
  /** Parameters in PyTorch's order. */
  readonly ordered: readonly string[];
  /** Those behind them, which go into the engine's object of options. */
  readonly options: readonly string[];
}

const known = new Map<string, Signature>();

const names = (list: string): string[] =>
  list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

/**
 * Says how functions are called, one a line: `norm(self, p, dim)`. Parameters behind a bar are options, as in
 * `round(self | decimals)`; `clip = clamp(self, min, max)` is another name of the engine's `clamp`.
 */
export function defineSignatures(lines: string): void {
  for (const line of lines.trim().split('\n')) {
    const parts = /^\s*(\w+)(?: = (\w+))?\((.*)\)$/.exec(line);
    const [, name = '', other, inside = ''] = parts ?? [];
    if (parts === null || known.has(name))
      throw new Error(`signature ${line} is no signature, or not the first`);
    const [ordered = '', options = ''] = inside.split('|');
    known.set(name, { name, engine: other ?? name, ordered: names(ordered), options: names(options) });
  }
}

/** All signatures by PyTorch's names; those of `torch.linalg` begin with `linalg_`. */
export function signatures(): ReadonlyMap<string, Signature> {
  return known;
}
