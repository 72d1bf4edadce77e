/** Starts a training process: it loads what it needs while the host loads what it speaks to it with. */
import { type ChildProcess, fork } from 'node:child_process';

/** What a training process is started by. */
export interface TrainerProgram {
  /** The trainer's bundle. */
  readonly module: string;
  /** The folder in which Node keeps what it has compiled, so that the next process begins sooner. */
  readonly compiled?: string;
}

/** Starts a process, which waits for what it is asked. */
export function startTrainer({ module, compiled }: TrainerProgram): ChildProcess {
  const env = {
    ...process.env,
    // In VS Code for the desktop this process is Electron, which is asked to be Node.
    ELECTRON_RUN_AS_NODE: '1',
    ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled }),
  };
  const child = fork(module, [], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  // Whoever follows the process hears why it could not be started; until somebody does, nobody must fail by it.
  child.on('error', () => undefined);
  return child;
}
