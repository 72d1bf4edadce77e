/** What may happen to the process from outside: interrupts, a reader that went away, what nobody caught. */
import { printError } from './report';

/** Aborted when the command should come to its end: by Ctrl-C, or because nobody reads what it prints. */
const stopping = new AbortController();

/** Aborted when the command should come to its end. */
export const stopSignal: AbortSignal = stopping.signal;

/** Lets the first interrupt stop what is going on, so that it can be saved; the second one ends the process. */
export function stopOnInterrupt(): void {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(name, () => {
      if (stopSignal.aborted) process.exit(code);
      stopping.abort();
    });
  }
}

/**
 * Whatever was thrown ends in one line and exit code 1, never in a stack trace. A reader that has seen
 * enough (`| head -1`) is no failure; a full disk behind standard output is one.
 */
export function guardProcess(json: boolean): void {
  process.on('uncaughtException', error => {
    printError(error, json);
    process.exit(1);
  });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const first = !stopSignal.aborted;
    stopping.abort();
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || !first) return;
    process.stderr.write(`descent: standard output cannot be written: ${error.code ?? error.message}\n`);
    process.exitCode = 1;
  });
  // Nothing can be said where errors would be said.
  process.stderr.on('error', () => undefined);
}
