/**
 * Whose code is running: the module in whose `forward` an operation is applied. Nodes of the graph remember it, so
 * that a graph can be shown module by module. It is any object here: autograd knows nothing of modules.
 */

let current: object | undefined;

/** The innermost owner of the code that is running. */
export function currentScope(): object | undefined {
  return current;
}

/** Runs `body` as the code of `owner`. */
export function inScope<T>(owner: object, body: () => T): T {
  const before = current;
  current = owner;
  try {
    return body();
  } finally {
    current = before;
  }
}
