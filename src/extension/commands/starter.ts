/** Begins runs and goes on with them: one at a time, with the dashboard in view. */
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { RunSettings } from '../../protocol/trainer';
import { opensDashboard, runDefaults, runsFolder } from '../settings/settings';
import type { TrainingService } from '../training/training-service';
import { commands } from './ids';

/** Begins runs, one at a time. */
export class Starter {
  constructor(
    private readonly training: TrainingService,
    private readonly storage: vscode.Uri,
  ) {}

  /** Begins a run; false if the person would rather keep the one in progress. */
  async start(settings: RunSettings): Promise<boolean> {
    return this.startWith({ ...runDefaults(), ...settings });
  }

  /** Begins a run with these settings and no others. */
  async startWith(settings: RunSettings): Promise<boolean> {
    return this.#begin(() => this.training.start({ settings, runs: runsFolder(this.storage) }));
  }

  /** Goes on with a run. */
  async resume(run: string, epochs?: number): Promise<boolean> {
    const changes = epochs === undefined ? {} : { epochs };
    return this.#begin(() => this.training.resume({ run, changes }));
  }

  async #begin(body: () => Promise<void>): Promise<boolean> {
    if (!(await this.#makeRoom())) return false;
    if (opensDashboard()) {
      void vscode.commands.executeCommand(commands.openDashboard);
      // The editor takes longest, until it has loaded the page: it hears of that before a process is started.
      await setImmediate();
    }
    await body();
    return true;
  }

  async #makeRoom(): Promise<boolean> {
    if (!this.training.active) return true;
    const stop = 'Stop It and Train';
    const answer = await vscode.window.showWarningMessage(
      'A run is in progress. Only one can train at a time.',
      { modal: true, detail: 'If you stop it, it is saved and can be resumed later.' },
      stop,
    );
    if (answer !== stop) return false;
    await this.training.stop();
    return true;
  }
}
