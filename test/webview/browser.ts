/** A real Chromium for the tests of pages. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

export { GrowingRun } from '../history/made-up';

const executable = process.env['DESCENT_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a Chromium. On a machine of its own these tests must not be passed over. */
export const hasBrowser = existsSync(executable) || process.env['CI'] === 'true';
if (!hasBrowser)
  console.warn(`The tests of pages are skipped: there is no ${executable} (set DESCENT_CHROMIUM).`);

/** Starts Chromium. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What went wrong in a page: errors, and violations of its policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  return errors;
}
