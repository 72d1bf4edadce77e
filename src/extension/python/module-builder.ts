/** A process that builds a module and tells its graph; it ends by itself, or when it takes too long. Knows nothing of VS Code. */
import { fork } from 'node:child_process';
import type { Graph } from '../../protocol/graph';
import { type ModuleGraphRequest, moduleGraphAnswerSchema } from '../../protocol/module-graph';
import { describeExit } from '../training/trainer-exit';

/** Milliseconds in which a module should be built. */
const patience = 60_000;

/**
 * Builds a module.
 * @param trainer the trainer's bundle
 * @throws with a sentence where it cannot be built
 */
export function graphOf(trainer: string, request: ModuleGraphRequest): Promise<Graph> {
  return new Promise((resolve, reject) => {
    // In VS Code for the desktop this process is Electron, which is asked to be Node.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const child = fork(trainer, ['graph'], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const late = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('message', message => {
      const { success, data, error } = moduleGraphAnswerSchema.safeParse(message);
      if (!success) reject(new Error(`not understood: ${error.message}`));
      else if ('refused' in data) reject(new Error(data.refused));
      else resolve(data.graph);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`the module could not be built: ${describeExit({ code, signal })}`));
    });
    child.send(request);
  });
}
