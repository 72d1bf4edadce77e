/** What tests of the interface share: workspaces with data, runs on disk, and waiting for what is to come. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './workbench';

export { root, Workbench } from './workbench';

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

/** How a run stands by its own account. */
export function statusOf(run: string): string | undefined {
  return /"status": "(\w+)"/.exec(readFileSync(path.join(run, 'run.json'), 'utf8'))?.[1];
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
