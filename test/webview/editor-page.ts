/** A page in a browser as the editor shows it: with the editor's way to speak, and a host in this process. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { contentSecurityPolicy, pageHtml } from '../../src/protocol/page';
import { isPing, pongMessage } from '../../src/protocol/pulse';
import { visit } from './page';

/** An address that is answered by the test and leads nowhere. */
const origin = 'https://descent.test/';

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

/** What answers the messages of a page. */
export interface PageHost {
  receive(message: unknown): void;
  /** Whether anybody is there; a host that does not say so always is. */
  isThere?(): boolean;
}

/**
 * Opens a page of `dist/webview`.
 * @param begin is called with what carries messages to the page
 * @param options with `clock` the test can let the page's time pass faster, by `page.clock`
 */
export async function visitEditorPage(
  name: string,
  begin: (send: (message: unknown) => void) => PageHost,
  { clock = false } = {},
): Promise<Page> {
  const page = await visit('about:blank');
  if (clock) await page.clock.install();
  const parts = { nonce: 'once', source: "'self'" };
  const styles = ['browser-theme.css', `${name}-style.css`];
  const html = pageHtml({ title: name, scripts: [`${name}.js`], styles, ...parts });
  const policy = contentSecurityPolicy(parts);
  await page.route(`${origin}**`, async route => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') {
      await route.fulfill({
        body: html,
        headers: { 'content-type': 'text/html', 'content-security-policy': policy },
      });
      return;
    }
    const body = readFileSync(path.resolve('dist/webview', file));
    await route.fulfill({ body, contentType: types[path.extname(file)] ?? 'text/plain' });
  });
  const send = (message: unknown) => {
    void page.evaluate(data => window.postMessage(data), message).catch(() => undefined);
  };
  const host = begin(send);
  // As the editor's panels do: whether anybody is there is no question for the host.
  await page.exposeFunction('toHost', (message: unknown) => {
    if (!(host.isThere?.() ?? true)) return;
    if (isPing(message)) send(pongMessage);
    else host.receive(message);
  });
  await page.addInitScript(() => {
    Object.assign(window, {
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => Reflect.get(window, 'toHost')(message),
        getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
        setState: (state: unknown) => sessionStorage.setItem('kept', JSON.stringify(state)),
      }),
    });
  });
  await page.goto(origin);
  return page;
}
