/** The folder of runs: what is in it, and the histories of those that somebody looks at. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunSummary } from '../protocol/dashboard';
import { type LiveState, RunHistory, readRunInfo, stateOf, summarise } from './run-history';
import { lastHeard } from './run-lock';

/** So many histories are kept in memory when nobody looks at them any more. */
const keptRuns = 16;

/** Whether this can be the name of a folder, and of nothing outside the folder of runs. */
function isFolderName(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && !/[/\\\0:]/.test(id);
}

/** The runs in a folder. */
export class Runs {
  readonly #open = new Map<string, Promise<RunHistory | undefined>>();
  #changed = 0;

  constructor(readonly folder: string) {}

  /** The runs, newest first. Only `run.json` is read of each. `live` says how those stand that are trained now. */
  async list(live: ReadonlyMap<string, LiveState> = new Map()): Promise<RunSummary[]> {
    const names = await this.#names();
    const found = await Promise.all(names.map(name => this.#summary(name, live.get(name))));
    return found
      .filter(summary => summary !== undefined)
      .sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
  }

  /** Whether a folder has come or gone since this was asked last. */
  async changed(): Promise<boolean> {
    const found = await stat(this.folder).catch(() => undefined);
    const before = this.#changed;
    this.#changed = found?.mtimeMs ?? 0;
    return this.#changed !== before;
  }

  async #names(): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => []);
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  }

  async #summary(name: string, live: LiveState | undefined): Promise<RunSummary | undefined> {
    const folder = path.join(this.folder, name);
    const info = await readRunInfo(folder);
    if (info === undefined) return undefined;
    // Only a run that says it is running can be silent for too long.
    const going = live === undefined && (info.status === 'running' || info.status === 'paused');
    const changed = going ? await lastChange(folder, Date.parse(info.created)) : 0;
    return summarise(name, info, stateOf(info, changed, live));
  }

  /** The history of a run, read up to now the first time; undefined if there is no such run. */
  open(id: string): Promise<RunHistory | undefined> {
    const known = this.#open.get(id);
    // What was used last is forgotten last.
    this.#open.delete(id);
    const history = known ?? this.#read(id);
    this.#open.set(id, history);
    for (const old of this.#open.keys()) {
      if (this.#open.size <= keptRuns) break;
      this.#open.delete(old);
    }
    return history;
  }

  async #read(id: string): Promise<RunHistory | undefined> {
    const known = isFolderName(id) && (await this.#names()).includes(id);
    const history = known ? await RunHistory.open(path.join(this.folder, id)) : undefined;
    if (history === undefined) this.#open.delete(id);
    return history;
  }
}

async function lastChange(folder: string, otherwise: number): Promise<number> {
  const heard = await lastHeard(folder);
  if (heard !== undefined) return heard;
  const found = await stat(path.join(folder, 'metrics.jsonl')).catch(() => undefined);
  return found?.mtimeMs ?? otherwise;
}
