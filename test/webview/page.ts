/** The dashboard in a browser, and what tests do with it. */
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { type Dashboard, type DashboardOptions, startDashboard } from '../../src/dashboard-server';
import type { SeriesAnswer, SeriesQuery } from '../../src/protocol/dashboard';
import type { StartEvent } from '../../src/protocol/training-events';
import { afterThisFile, afterThisTest } from '../support/after';
import { type GrowingRun, launch, watchErrors } from './browser';

/** The size of the page. */
export const size = { width: 1280, height: 800 };

let browser: Promise<Browser> | undefined;

/** The browser of this file of tests. */
function theBrowser(): Promise<Browser> {
  if (browser === undefined) {
    const opened = launch();
    browser = opened;
    afterThisFile(async () => {
      browser = undefined;
      await (await opened).close();
    });
  }
  return browser;
}

/** Serves a folder of runs for the length of a test. */
export async function serve(runs: string, options: Omit<DashboardOptions, 'runs'> = {}): Promise<Dashboard> {
  const dashboard = await startDashboard({ runs, page: path.resolve('dist/webview'), ...options });
  afterThisTest(() => dashboard.close());
  return dashboard;
}

/** Opens a page for the length of a test, in which nothing may go wrong. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await theBrowser()).newContext({ viewport: size, ...options });
  afterThisTest(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = watchErrors(page);
  onTestFinished(() => expect(errors).toEqual([]));
  await page.goto(url);
  return page;
}

/** What the trainer tells when a run begins. */
export function started(run: GrowingRun): StartEvent {
  return {
    event: 'start',
    run: run.folder,
    model: 'm',
    parameters: 1,
    device: 'cpu',
    deviceReason: '',
    dataset: { name: 'mnist', train: 1, validation: 1, test: 1, shape: [], classes: [] },
    epochs: 20,
    stepsPerEpoch: 100,
    learning: [],
    step: 0,
  };
}

/** The cells of a chart's table for screen readers, of its first line. */
export async function summary(page: Page, chart: string): Promise<string[]> {
  return page.locator(`[data-chart="${chart}"] table tbody tr`).first().locator('td').allTextContents();
}

/** Waits until a chart's first line has so many values. */
export async function waitForValues(page: Page, chart: string, count: number): Promise<void> {
  await eventually(async () => (await summary(page, chart))[0]).toBe(String(count));
}

/** Follows the queries of a page and their answers. */
export function listen(page: Page): { query: SeriesQuery; answer?: SeriesAnswer }[] {
  const asked: { id: number; query: SeriesQuery; answer?: SeriesAnswer }[] = [];
  page.on('websocket', socket => {
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.name === 'query') asked.push({ id: message.id, query: message.params });
    });
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload));
      const found = asked.find(({ id }) => message.kind === 'result' && id === message.id);
      if (found !== undefined) found.answer = message.result;
    });
  });
  return asked;
}

/** Drags over a chart, between shares of its width. */
export async function drag(page: Page, chart: string, from: number, to: number): Promise<void> {
  const box = await page.locator(`[data-chart="${chart}"] canvas`).boundingBox();
  if (box === null) throw new Error('the chart is not visible');
  await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + to * box.width, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
}

/** Waits until something has come true. */
export function eventually<T>(actual: () => T) {
  return expect.poll(actual, { timeout: 30_000 });
}
