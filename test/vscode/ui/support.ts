/** What tests of the interface share: a VS Code with the VSIX in a browser, and a person's ways through it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import { VSCodeServer } from '../harness/server';

/** The folder of the project. */
export const root = process.env['DESCENT_ROOT'] ?? process.cwd();

/** The folder with real data; undefined where there is none. */
export function realData(): string | undefined {
  const folder = process.env['DESCENT_DATA'] ?? path.join(root, '..', 'shared', 'data');
  return existsSync(path.join(folder, 'mnist')) ? folder : undefined;
}

/** A workspace with a copy of these datasets. */
export function workspaceWith(...datasets: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-workspace-'));
  const data = realData();
  for (const name of datasets) {
    const target = path.join(folder, name);
    mkdirSync(target);
    if (data !== undefined) cpSync(path.join(data, name), target, { recursive: true });
  }
  return folder;
}

/** The folders of the runs in a workspace. */
export function runsIn(workspace: string): string[] {
  const folder = path.join(workspace, 'runs');
  return existsSync(folder) ? readdirSync(folder).map(name => path.join(folder, name)) : [];
}

/** The lines of a run's metrics; a torn last line is passed over. */
export function metricsOf(run: string): { readonly event: string; readonly step: number }[] {
  const lines = readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.flatMap(line => {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null || !('event' in value) || !('step' in value)) return [];
      return [{ event: String(value.event), step: Number(value.step) }];
    } catch {
      return [];
    }
  });
}

/** Waits until `look` gives something. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  seconds = 30,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 40));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

/** The VSIX of this platform. */
function vsix(): string {
  return path.join(root, 'dist', `descent-${process.platform}-${process.arch}.vsix`);
}

/** A VS Code with the extension installed, which a person looks at. */
export class Workbench {
  private constructor(
    readonly server: VSCodeServer,
    private readonly browser: Browser,
    readonly page: Page,
    readonly workspace: string,
  ) {}

  /** Opens a workspace. */
  static async open(workspace: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Workbench> {
    const server = await VSCodeServer.start({ vsix: vsix(), settings });
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const workbench = new Workbench(server, browser, page, workspace);
    await workbench.load();
    return workbench;
  }

  /** Loads the window, for the first time or again. */
  async load(): Promise<void> {
    await this.page.goto(this.server.url(this.workspace));
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.activitybar .action-label').first().waitFor();
  }

  /** Runs a command by its title, as the palette shows it. */
  async command(title: string): Promise<void> {
    const { page } = this;
    const row = '.quick-input-widget .monaco-list-row';
    const line = page.locator(`${row}[aria-label="${title}"], ${row}[aria-label^="${title},"]`).first();
    for (let attempt = 0; ; attempt++) {
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input').first();
      await input.waitFor();
      await input.fill(`>${title}`);
      try {
        await line.waitFor({ timeout: 3000 });
        break;
      } catch (error) {
        // The list is made when the palette opens; the extension may not have been known then.
        await page.keyboard.press('Escape');
        if (attempt >= 5) throw error;
      }
    }
    // Not what stands first: of two commands with similar titles that may be the other one.
    await line.click();
  }

  /** Chooses a line of the list that is open. */
  async pick(text: string): Promise<void> {
    await this.page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first().click();
  }

  /** Changes the theme as a person does, in the list of themes. */
  async setTheme(theme: string): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input').first().fill(theme);
    await this.pick(theme);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.page.waitForTimeout(500);
  }

  /** The text of a notification that holds `text`. */
  async notification(text: string | RegExp, seconds = 60): Promise<string> {
    const found = this.page.locator('.notification-list-item', { hasText: text }).first();
    await found.waitFor({ timeout: seconds * 1000 });
    return (await found.locator('.notification-list-item-message').textContent()) ?? '';
  }

  /** Presses a button of a notification. */
  async press(button: string): Promise<void> {
    await this.page.locator('.notification-list-item .monaco-button', { hasText: button }).first().click();
  }

  /** The text of the item in the status bar; undefined where it is not shown. */
  async status(): Promise<string | undefined> {
    const item = this.page.locator('[id="descent.descent.descent.training"]');
    return (await item.count()) === 0 ? undefined : ((await item.first().textContent()) ?? undefined);
  }

  /** The content of the webview that is visible. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready >> visible=true').frameLocator('iframe#active-frame');
  }

  /** Looks at the window: `dist/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(root, 'dist', 'screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  /** Does something, and keeps a picture of what it led to if it fails. */
  async watch(name: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      await this.screenshot(`failed-${name}`).catch(() => undefined);
      throw error;
    }
  }

  /** Closes everything and removes the workspace. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
