/** How a command ends: its exit code, and one line for what went wrong. */
import { messageOf } from '../training';

/** Writes one object as a line to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Tells a failure in one line, and with `json` as an event too. */
export function printError(error: unknown, json: boolean): void {
  const message = messageOf(error);
  if (json) printJson({ event: 'error', message });
  process.stderr.write(`descent: ${message}\n`);
  if (process.env['DESCENT_DEBUG']) console.error(error);
}

/** Runs a command; a failure becomes one line and exit code 1. */
export async function reporting(json: boolean, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    printError(error, json);
    process.exitCode = 1;
  }
}

/** A share as a person reads it: `97.53 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A loss as a person reads it: four decimals, and few digits where it is very large. */
export function lossText(loss: number): string {
  return Math.abs(loss) < 1000 ? loss.toFixed(4) : loss.toExponential(1);
}

/** A duration as a person reads it. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A whole number with separators: `203,530`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Bytes in megabytes, as a person reads them: `11.6`. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** A size as a person reads it: `814.3 kB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let size = bytes;
  for (const unit of ['kB', 'MB', 'GB']) {
    size /= 1000;
    if (size < 999.95) return `${size.toFixed(1)} ${unit}`;
  }
  return `${(size / 1000).toFixed(1)} TB`;
}
