/** The dashboard's page inside of VS Code: what its policy allows it, and whether everybody can use it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { contrast, type Rgba } from '../../../webview/shared/colour';
import { GrowingRun } from '../../history/made-up';
import { violations } from '../../webview/axe';
import { Workbench, workspaceWith } from './support';

let workbench: Workbench;

before(async () => {
  const workspace = workspaceWith();
  const runs = path.join(workspace, 'runs');
  const finished = { status: 'finished', testAccuracy: 0.9712 };
  new GrowingRun(runs, 'first', { ...finished, created: '2026-01-01T00:00:00.000Z' }).grow(900);
  new GrowingRun(runs, 'second', { ...finished, created: '2026-01-02T00:00:00.000Z' }).grow(1200);
  const failed = { status: 'failed', error: 'the loss became NaN at step 7' };
  new GrowingRun(runs, 'third', { ...failed, created: '2026-01-03T00:00:00.000Z' }).grow(10);
  workbench = await Workbench.open(workspace);
  await workbench.command('Descent: Open Dashboard');
  await workbench.webview().getByRole('heading', { name: 'third' }).waitFor();
});
after(() => workbench?.close());

/** Tries in the page what its policy forbids, and tells what came of it. */
async function attack() {
  const frame = await workbench.webviewFrame();
  return frame.evaluate(async () => {
    const violated: string[] = [];
    document.addEventListener('securitypolicyviolation', event => violated.push(event.effectiveDirective));
    const ran: string[] = [];
    const note = (what: string) => ran.push(what);
    Object.assign(window, { note });
    const script = document.createElement('script');
    script.textContent = 'window.note("inline script")';
    document.body.append(script);
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.note("event handler")');
    button.setAttribute('style', 'display: none');
    document.body.append(button);
    button.click();
    if (getComputedStyle(button).display === 'none') note('inline style');
    // What a debugger evaluates is exempt; what a timer calls is not.
    await new Promise<void>(resolve =>
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: it must not work
          globalThis.eval('window.note("eval")');
        } catch {
          // As it should be.
        }
        resolve();
      }),
    );
    const loads = (element: HTMLElement, attribute: string, address: string) =>
      new Promise<boolean>(resolve => {
        element.addEventListener('load', () => resolve(true));
        element.addEventListener('error', () => resolve(false));
        element.setAttribute(attribute, address);
        document.body.append(element);
      });
    const style = () => Object.assign(document.createElement('link'), { rel: 'stylesheet' });
    const own = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]')?.href ?? '';
    const loaded = {
      own: await loads(style(), 'href', `${own}?again`),
      outside: await loads(new Image(), 'src', new URL('../../media/icon.png', own).href),
      manifest: await loads(style(), 'href', new URL('../../package.json', own).href),
      elsewhere: await loads(new Image(), 'src', 'http://127.0.0.1:9/picture.png'),
      fetched: await fetch(own).then(
        () => true,
        () => false,
      ),
    };
    // A violation is told when its time has come.
    while (!violated.includes('connect-src')) await new Promise(resolve => setTimeout(resolve, 20));
    return { ran, loaded, violated: [...new Set(violated)].sort() };
  });
}

test('the policy of the page is strict', () =>
  workbench.watch('policy', async () => {
    const page = workbench.webview();
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    const directives = new Map(
      (policy ?? '').split(';').map(part => {
        const [name = '', ...sources] = part.trim().split(/\s+/);
        return [name, sources] as const;
      }),
    );
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    const [nonce = '', ...others] = directives.get('script-src') ?? [];
    assert.match(nonce, /^'nonce-[\w+/=]{20,}'$/);
    assert.deepEqual(others, []);
    assert.doesNotMatch(policy ?? '', /unsafe|\*(?!\.)|https?:\/\/(?!\S*vscode-)/);
  }));

test('nothing runs or loads in the page that is not its own', () =>
  workbench.watch('attack', async () => {
    assert.deepEqual(await attack(), {
      ran: [],
      loaded: { own: true, outside: false, manifest: false, elsewhere: false, fetched: false },
      violated: [
        'connect-src',
        'img-src',
        'script-src',
        'script-src-attr',
        'script-src-elem',
        'style-src-attr',
      ],
    });
  }));

test('each time it is opened the page has another nonce', () =>
  workbench.watch('nonce', async () => {
    const nonce = () => workbench.webview().locator('meta[property="csp-nonce"]').getAttribute('content');
    const first = await nonce();
    await workbench.command('View: Close All Editors');
    await workbench.command('Descent: Open Dashboard');
    await workbench.webview().getByRole('heading', { name: 'third' }).waitFor();
    assert.notEqual(await nonce(), first);
  }));

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
} as const;

/** What axe finds wrong in the page that is visible; all its rules in the first theme, those of colours in the others. */
async function wrong(theme: string): Promise<string[]> {
  return violations(await workbench.webviewFrame(), theme === 'light' ? 'all' : 'colours');
}

/** Red, green and blue of a colour as the browser tells it, opaque. */
function opaque(colour: string): Rgba {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  assert.equal(alpha, 1, colour);
  return [red, green, blue, 255];
}

/** How well the lines of the charts, which axe cannot see, are told from what is behind them. */
async function contrasts(): Promise<number[]> {
  const frame = await workbench.webviewFrame();
  const { lines, behind } = await frame.evaluate(() => ({
    lines: [...document.querySelectorAll('.swatch')].map(swatch => getComputedStyle(swatch).borderTopColor),
    behind: getComputedStyle(document.body).getPropertyValue('--vscode-editor-background'),
  }));
  const background = Number.parseInt(behind.slice(1), 16);
  const rgb: Rgba = [background >> 16, (background >> 8) & 255, background & 255, 255];
  return lines.map(line => contrast(opaque(line), rgb));
}

for (const [name, theme] of Object.entries(themes)) {
  test(`everybody can use the page in ${name}`, () =>
    workbench.watch(`axe-${name}`, async () => {
      await workbench.setTheme(theme);
      const page = workbench.webview();
      await page.locator(`body[data-vscode-theme-kind="vscode-${name}"]`).waitFor();
      await page.getByRole('button', { name: 'third' }).click();
      await page.getByText('the loss became NaN').waitFor();
      await page.getByRole('button', { name: 'Settings and export of loss' }).click();
      assert.deepEqual(await wrong(name), []);
      await page.getByRole('button', { name: 'second' }).click();
      await page.getByText('the loss became NaN').waitFor({ state: 'hidden' });
      const other = page.locator('.runs li').nth(2).getByRole('checkbox');
      await other.click();
      await page.locator('[data-chart="loss"] tbody tr').nth(3).waitFor({ state: 'attached' });
      await workbench.screenshot(`axe-${name}`);
      assert.deepEqual(await wrong(name), []);
      const seen = await contrasts();
      assert.ok(seen.length >= 4 && Math.min(...seen) >= 3, seen.join(', '));
      await other.click();
    }));
}
