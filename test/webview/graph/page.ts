/** The page of a single graph in a browser, with a host in this process. */
import type { Page } from 'playwright-core';
import { GraphFiles } from '../../../src/history';
import { Endpoint } from '../../../src/protocol/endpoint';
import type { Graph } from '../../../src/protocol/graph';
import {
  type GraphHostRequests,
  type GraphLook,
  type GraphPageEvents,
  graphHostSide,
  graphPageSide,
  type NodeOfRun,
  type ShownRun,
} from '../../../src/protocol/graph-page';
import { visitEditorPage } from '../editor-page';

/** What the host has. */
export interface GraphSource {
  graph: Graph | undefined;
  look: GraphLook | undefined;
}

/** What became of a page. */
export interface OpenedGraph {
  readonly page: Page;
  /** The nodes that a person has chosen. */
  readonly chosen: number[];
  /** The modules whose places in a file were asked for. */
  readonly opened: string[];
  readonly saved: { readonly name: string; readonly content: Buffer }[];
  show(run: ShownRun | null): void;
  showNode(node: NodeOfRun): void;
}

/** The run that is shown. */
export const shownRun: ShownRun = { id: 'run-1', title: 'mnist-mlp', about: 'mnist, finished', going: false };

/** Reads what a run's folder holds. */
export async function sourceOf(folder: string): Promise<GraphSource> {
  const files = new GraphFiles(folder);
  return { graph: await files.graph(), look: await files.look() };
}

/** Opens the page. */
export async function openGraphPage(
  source: GraphSource,
  run: ShownRun | null = shownRun,
): Promise<OpenedGraph> {
  const chosen: number[] = [];
  const saved: { name: string; content: Buffer }[] = [];
  const opened: string[] = [];
  let link: Endpoint<GraphHostRequests, object, object, GraphPageEvents> | undefined;
  let shown = run;
  const page = await visitEditorPage('graph', send => {
    link = new Endpoint<GraphHostRequests, object, object, GraphPageEvents>(
      graphHostSide,
      graphPageSide,
      {
        requests: {
          ready: () => ({ run: shown }),
          graph: () => source.graph ?? null,
          look: ({ known }) => (source.look === undefined || source.look.step === known ? null : source.look),
          chooseNode: ({ node }) => {
            chosen.push(node);
            return {};
          },
          save: ({ name, base64 }) => saved.push({ name, content: Buffer.from(base64, 'base64') }) > 0,
          train: () => ({}),
          openSource: ({ module }) => {
            opened.push(module);
            return {};
          },
        },
        events: {},
      },
      send,
    );
    return link;
  });
  return {
    page,
    chosen,
    saved,
    opened,
    show: other => {
      shown = other;
      link?.notify('show', { run: other });
    },
    showNode: node => link?.notify('showNode', node),
  };
}

/** The drawing, which takes the keys. */
export function surfaceOf(page: Page) {
  return page.getByRole('application', { name: /^Graph/ });
}

/** Waits until something is drawn: then there is a legend. */
export async function drawnOn(page: Page): Promise<void> {
  await page.getByText('activation', { exact: true }).waitFor();
}

/** What a screen reader was told last. */
export function spokenOn(page: Page) {
  return page.locator('p[aria-live]');
}
