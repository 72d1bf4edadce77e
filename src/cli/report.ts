/** How a command ends: its exit code, and one line for what went wrong. */
import { messageOf } from '../training';

/** Writes one object as a line to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Runs a command; a failure becomes one line and exit code 1. */
export async function reporting(json: boolean, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const message = messageOf(error);
    if (json) printJson({ event: 'error', message });
    else process.stderr.write(`descent: ${message}\n`);
    if (process.env['DESCENT_DEBUG']) console.error(error);
    process.exitCode = 1;
  }
}

/** A share as a person reads it: `97.53 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A duration as a person reads it. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A whole number with separators: `203,530`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
