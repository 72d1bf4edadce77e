/**
 * A VS Code with the extension installed, and a person's ways through it. Everything here waits for what is to be
 * seen and never for a time: on a busy machine the same happens, only later.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser';
import { type ServerOptions, VSCodeServer } from '../harness/server';

/** The folder of the project. */
export const root = process.env['DESCENT_ROOT'] ?? process.cwd();

/** How a window is opened. */
export interface WorkbenchOptions extends Pick<ServerOptions, 'settings' | 'trust' | 'env'> {
  readonly size?: { readonly width: number; readonly height: number };
}

/** Milliseconds for what VS Code does at once when it has nothing else to do. */
const soon = 3000;
/** On a machine that is busy with much else it takes a minute until the commands of the extension are known. */
const attempts = 20;

/** Several commands in the palette begin alike; a line is chosen by its whole title. */
function lineOf(palette: Locator, title: string): Locator {
  const row = '.monaco-list-row';
  return palette.locator(`${row}[aria-label="${title}"], ${row}[aria-label^="${title},"]`).first();
}

/** A window of VS Code. */
export class Workbench {
  readonly #palette: Locator;

  private constructor(
    readonly server: VSCodeServer,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly workspace: string,
  ) {
    this.#palette = page.locator('.quick-input-widget');
  }

  /**
   * Opens a workspace.
   * @param workspace its folder; an empty text for a window without one
   */
  static async open(
    workspace: string,
    settings: Readonly<Record<string, unknown>> = {},
    { size = { width: 1280, height: 800 }, ...options }: WorkbenchOptions = {},
  ): Promise<Workbench> {
    const server = await VSCodeServer.start({
      ...options,
      extensions: process.env['DESCENT_EXTENSIONS'],
      settings: { ...settings, ...options.settings },
    });
    const browser = await openBrowser();
    const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
    const workbench = new Workbench(server, browser, context, await context.newPage(), workspace);
    await workbench.load();
    return workbench;
  }

  /** Opens another window on the same workspace; it is closed with this one. */
  async another(): Promise<Workbench> {
    const page = await this.context.newPage();
    const other = new Workbench(this.server, this.browser, this.context, page, this.workspace);
    await other.load();
    return other;
  }

  /** Loads the window, for the first time or again. */
  async load(): Promise<void> {
    await this.page.goto(this.server.url(this.workspace));
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.activitybar .action-label').first().waitFor();
  }

  /** The list or the input box on top of the window. */
  get quickInput(): Locator {
    return this.#palette;
  }

  /** The line in which a person types there. */
  get input(): Locator {
    return this.#palette.locator('input').first();
  }

  /** Shows the palette with what was typed into it. It may go again while VS Code moves the focus: then anew. */
  async openPalette(text: string, sees: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press('F1');
        await this.input.waitFor({ timeout: soon });
        await this.input.fill(`>${text}`, { timeout: soon });
        await sees.waitFor({ timeout: soon });
        return;
      } catch (error) {
        // The list is made when the palette opens; the extension may not have been known then.
        await this.page.keyboard.press('Escape');
        if (attempt === attempts) throw error;
      }
    }
  }

  /** Runs a command by its title, as the palette shows it. */
  async command(title: string): Promise<void> {
    const line = lineOf(this.#palette, title);
    for (let attempt = 1; ; attempt++) {
      await this.openPalette(title, line);
      try {
        await line.click({ timeout: soon });
        break;
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
    await line.waitFor({ state: 'hidden' });
  }

  /** Runs a command without the mouse. */
  async commandByKeys(title: string): Promise<void> {
    await this.chooseByKeys(title);
    await this.page.keyboard.press('Enter');
    await lineOf(this.#palette, title).waitFor({ state: 'hidden' });
  }

  /** Has a command under the cursor of the palette: Enter runs it. */
  async chooseByKeys(title: string): Promise<void> {
    const line = lineOf(this.#palette, title);
    await this.openPalette(title, line);
    // What stands first is what was used last.
    for (let i = 0; i < 10 && !(await line.evaluate(row => row.classList.contains('focused'))); i++) {
      await this.page.keyboard.press('ArrowDown');
    }
  }

  /** All commands of the extension that the palette offers. */
  async offered(): Promise<string[]> {
    const lines = this.#palette.locator('.monaco-list-row[aria-label^="Descent: "]');
    // A command that is always there shows that the list has been made.
    await this.openPalette('Descent: ', lineOf(this.#palette, 'Descent: Open Dashboard'));
    const found = new Map<number, string>();
    await lines.first().hover();
    for (let all = 1, scrolls = 0; found.size < all && scrolls < 50; scrolls++) {
      // The list holds only what is in sight.
      const seen = await lines.evaluateAll(rows =>
        rows.map(row => ({
          label: row.getAttribute('aria-label') ?? '',
          place: Number(row.getAttribute('aria-posinset')),
          all: Number(row.getAttribute('aria-setsize')),
        })),
      );
      for (const { label, place } of seen) found.set(place, label.split(',')[0] ?? label);
      all = seen[0]?.all ?? all;
      await this.page.mouse.wheel(0, 60);
    }
    await this.page.keyboard.press('Escape');
    await this.#palette.waitFor({ state: 'hidden' });
    return [...found.values()];
  }

  /** Chooses a line of the list that is open. */
  async pick(text: string): Promise<void> {
    await this.#palette.locator('.monaco-list-row', { hasText: text }).first().click();
  }

  /** Has these lines of the list that is open ticked, and no others. */
  async tick(wanted: readonly number[]): Promise<void> {
    const boxes = this.#palette.locator('.monaco-list-row[role="checkbox"]');
    await boxes.first().waitFor();
    const wrong = async () => {
      const ticked = await boxes.evaluateAll(rows =>
        rows.map(row => row.getAttribute('aria-checked') === 'true'),
      );
      return ticked.findIndex((is, line) => is !== wanted.includes(line));
    };
    // The list may still be on its way down when it is clicked for the first time.
    for (
      let line = await wrong(), clicks = 0;
      line >= 0 && clicks < attempts;
      line = await wrong(), clicks++
    ) {
      await boxes.nth(line).click({ timeout: soon });
    }
  }

  /** Changes the theme as a person does, in the list of themes. */
  async setTheme(theme: string): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.input.fill(theme);
    await this.pick(theme);
    await this.#palette.waitFor({ state: 'hidden' });
  }

  /** A notification that holds `text`. */
  async notification(text: string | RegExp, seconds = 60): Promise<string> {
    const found = this.page.locator('.notification-list-item', { hasText: text }).first();
    await found.waitFor({ timeout: seconds * 1000 });
    return (await found.locator('.notification-list-item-message').textContent()) ?? '';
  }

  /** Presses a button of a notification, which goes with it. */
  async press(button: string): Promise<void> {
    const buttons = this.page.locator('.monaco-button', { hasText: button });
    const found = this.page.locator('.notification-list-item', { has: buttons });
    const message = found.first().locator('.notification-list-item-message');
    // How it begins: that of a progress goes on to change.
    const begins = ((await message.textContent()) ?? '').slice(0, 20);
    const same = found.filter({ hasText: begins }).first();
    for (let attempt = 1; ; attempt++) {
      // While another notification comes or goes, this one may move away from under the pointer.
      await same
        .locator(buttons)
        .first()
        .click({ timeout: soon })
        .catch(() => undefined);
      try {
        await same.waitFor({ state: 'hidden', timeout: soon });
        return;
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  }

  /** A question in the middle of the window. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Chooses from the menu of something in the window. */
  async menu(target: Locator, entry: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item', { hasText: entry });
    await target.click({ button: 'right' });
    await item.waitFor();
    // Within its first moments VS Code takes a click for the end of the one that opened the menu, and may close it.
    await this.page.waitForTimeout(400);
    for (let attempt = 1; ; attempt++) {
      // A menu that has only just opened takes no click: it could be the end of the one that opened it.
      await item.click({ timeout: soon }).catch(() => undefined);
      try {
        await item.waitFor({ state: 'hidden', timeout: soon });
        return;
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  }

  /** Shows the view container *Descent*. */
  async openSidebar(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Descent' }).first().click();
    await this.view('Dataset').waitFor();
  }

  /** A view in the sidebar. */
  view(name: string): Locator {
    return this.page.locator('.sidebar .pane', {
      has: this.page.locator(`[aria-label^="${name}"][aria-label$="Section"]`),
    });
  }

  /** The text of the item in the status bar; undefined where it is not shown. */
  async status(): Promise<string | undefined> {
    const [text] = await this.page.locator('[id="descent.descent.descent.training"]').allTextContents();
    return text;
  }

  /** The content of the webview that is visible. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready >> visible=true').frameLocator('iframe#active-frame');
  }

  /** The frame of that content, to look into. */
  async webviewFrame(): Promise<Frame> {
    const body = await this.webview().locator('body').elementHandle();
    const frame = await body?.ownerFrame();
    if (frame == null) throw new Error('no webview is visible');
    return frame;
  }

  /** Looks at the window where pictures are asked for: `dist/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    if (process.env['DESCENT_SCREENSHOTS'] !== undefined) await this.#picture(name);
  }

  async #picture(name: string): Promise<void> {
    const folder = path.join(root, 'dist', 'screenshots');
    mkdirSync(folder, { recursive: true });
    // For the picture alone: what fades in is to be there.
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  /** Does something, and keeps a picture of what it led to if it fails. */
  async watch(name: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      await this.#picture(`failed-${name}`).catch(() => undefined);
      throw error;
    }
  }

  /** Closes everything and removes the workspace. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    if (this.workspace !== '') {
      // A training process that is left alone saves its run first, into this folder: half a minute at most.
      rmSync(this.workspace, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    }
  }
}
