/** The little that tests in an extension host need: a test has a name and a body, which throws if it fails. */

interface Registry {
  readonly tests: { readonly name: string; readonly body: () => Promise<void> | void }[];
  failures: number;
}

declare global {
  /** Each file of tests is a bundle of its own; this is what they share. */
  var descentTests: Registry | undefined;
}

function registry(): Registry {
  globalThis.descentTests ??= { tests: [], failures: 0 };
  return globalThis.descentTests;
}

/** Lines that begin so are shown where the tests were started. */
const mark = '::';

/** Defines a test. */
export function test(name: string, body: () => Promise<void> | void): void {
  registry().tests.push({ name, body });
}

/** Says something where the tests were started. */
export function report(line: string): void {
  console.log(`${mark}${line}`);
}

/** Runs what was defined since the last call. */
export async function runRegistered(suite: string): Promise<void> {
  for (const { name, body } of registry().tests.splice(0)) {
    const began = performance.now();
    try {
      await body();
      report(`✔ ${suite}: ${name} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      registry().failures++;
      report(`✖ ${suite}: ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

/** How many tests have failed. */
export function failures(): number {
  return registry().failures;
}
