/** The runs that are kept, as the sidebar and the commands see them. */
import { access, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Runs } from '../../history';
import type { RunSummary } from '../../protocol/dashboard';
import { Disposables } from '../common/disposables';
import { Throttled } from '../common/throttled';
import { runsFolder } from '../settings/settings';
import type { TrainingService } from '../training/training-service';
import { checkRunName } from './run-name';

/** Milliseconds between two looks at the folder of runs. */
const interval = 500;
/** Milliseconds after which runs that others train are looked at again. */
const afresh = 3000;

/** A run and its folder. */
export interface StoredRun extends RunSummary {
  readonly folder: string;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Whether a run that this window does not train is in progress. */
export function isElsewhere({ state }: StoredRun): boolean {
  return state === 'running' || state === 'paused';
}

/** The folder of runs of this workspace. */
export class RunStore extends Disposables {
  readonly #changed = this.add(new vscode.EventEmitter<void>());
  /** There are other runs, or one of them stands otherwise. */
  readonly onDidChange = this.#changed.event;
  readonly #renames = this.add(new vscode.EventEmitter<{ readonly from: string; readonly to: string }>());
  /** A run's folder has another name. */
  readonly onDidRename = this.#renames.event;
  readonly #fire = this.add(new Throttled(interval, () => this.#changed.fire()));
  #runs: Runs | undefined;
  /** How all runs stood when they were listed last, and when they are listed again while others train. */
  #standing: string | undefined;
  #others: NodeJS.Timeout | undefined;
  #watching = vscode.Disposable.from();

  constructor(
    private readonly training: TrainingService,
    private readonly storage: vscode.Uri,
  ) {
    super();
    let known = '';
    this.add(
      training.onDidChange(() => {
        const { phase, folder, progress } = training;
        const state = [phase, folder, progress.last?.epoch].join();
        if (state !== known) this.#fire.call();
        known = state;
      }),
    );
    this.add(
      vscode.workspace.onDidChangeConfiguration(change => {
        if (!change.affectsConfiguration('descent.runsFolder')) return;
        this.#watch();
        this.#fire.call();
      }),
    );
    this.add({ dispose: () => this.#watching.dispose() });
    this.add({ dispose: () => clearTimeout(this.#others) });
    this.#watch();
  }

  /** The folder that holds the folders of runs. */
  get folder(): string {
    return runsFolder(this.storage);
  }

  /** The runs in that folder; what reads them is loaded when somebody looks. */
  async #open(): Promise<Runs> {
    const { Runs } = await import('../../history');
    if (this.#runs?.folder !== this.folder) this.#runs = new Runs(this.folder);
    return this.#runs;
  }

  /** How many folders hold a run, by the names of their files alone: whether there are any is asked by every window. */
  async count(): Promise<number> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter(entry => entry.isDirectory());
    const are = await Promise.all(
      folders.map(({ name }) => exists(path.join(this.folder, name, 'run.json'))),
    );
    return are.filter(Boolean).length;
  }

  /** The runs, newest first. */
  async list(): Promise<StoredRun[]> {
    const { folder, phase } = this.training;
    const state = phase === 'paused' ? 'paused' : 'running';
    const live = new Map(folder === undefined ? [] : [[path.basename(folder), { state } as const]]);
    const runs = await this.#open();
    const found = (await runs.list(live)).map(run => ({ ...run, folder: path.join(runs.folder, run.id) }));
    this.#followOthers(found);
    return found;
  }

  /** A watcher of files may miss how a run of another window goes on: it is looked at again while it is in progress. */
  #followOthers(runs: readonly StoredRun[]): void {
    const standing = runs.map(({ id, state }) => `${id} ${state}`).join('\n');
    if (this.#standing !== undefined && standing !== this.#standing) this.#fire.call();
    this.#standing = standing;
    clearTimeout(this.#others);
    if (runs.every(run => !isElsewhere(run) || this.isLive(run))) return;
    this.#others = setTimeout(() => void this.list().catch(() => undefined), afresh);
  }

  /** Whether this window trains the run. */
  isLive(run: StoredRun): boolean {
    return this.training.folder === run.folder;
  }

  /** Why a run cannot be changed now, as a sentence; undefined where it rests. */
  inUse(run: StoredRun): string | undefined {
    if (this.isLive(run)) return `${run.id} is in progress; stop it first`;
    return isElsewhere(run)
      ? `${run.id} is in progress in another window or in a terminal; stop it there first`
      : undefined;
  }

  /** Looks again. */
  refresh(): void {
    this.#fire.call();
  }

  /** What is wrong with another name for a run; undefined where nothing is. */
  async checkName(run: StoredRun, name: string): Promise<string | undefined> {
    const problem = checkRunName(name);
    if (problem !== undefined) return problem;
    // Where capitals make no difference, a run may still change them in its name.
    const same = name.trim().toLowerCase() === run.id.toLowerCase();
    return same || !(await exists(this.#renamed(run, name))) ? undefined : 'Another run has this name.';
  }

  /**
   * Gives the folder of a run another name.
   * @param name one that {@link checkName} finds nothing wrong with
   */
  async rename(run: StoredRun, name: string): Promise<void> {
    const problem = await this.checkName(run, name);
    if (problem !== undefined) throw new Error(problem);
    const from = vscode.Uri.file(run.folder);
    await vscode.workspace.fs.rename(from, vscode.Uri.file(this.#renamed(run, name)), { overwrite: false });
    this.#renames.fire({ from: run.id, to: name.trim() });
    this.refresh();
  }

  #renamed(run: StoredRun, name: string): string {
    return path.join(path.dirname(run.folder), name.trim());
  }

  /** Moves the folder of a run to the trash, or removes it where there is none. */
  async delete(run: StoredRun): Promise<void> {
    const uri = vscode.Uri.file(run.folder);
    try {
      await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
    } catch {
      await rm(run.folder, { recursive: true, force: true });
    }
    this.refresh();
  }

  /** Runs can also come and go by the command line. */
  #watch(): void {
    this.#watching.dispose();
    const folder = vscode.Uri.file(this.folder);
    // Of a folder that goes as a whole, nothing is said about what was in it.
    this.#watching = vscode.Disposable.from(
      ...['*/run.json', '*'].flatMap(glob => {
        const pattern = new vscode.RelativePattern(folder, glob);
        const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, glob === '*');
        const events = [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete];
        return [watcher, ...events.map(event => event(() => this.#fire.call()))];
      }),
    );
  }
}
