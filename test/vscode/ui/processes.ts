/** The processes that the extension and VS Code start, as the system lists them. */
import { execFileSync } from 'node:child_process';

/** The training processes that descend from a process, such as VS Code's server. */
export const trainersBelow = (ancestor: number): number[] => processesBelow(ancestor, 'trainer.js');

/** The processes in which VS Code runs extensions. */
export const extensionHostsBelow = (ancestor: number): number[] =>
  processesBelow(ancestor, '--type=extensionHost');

function processesBelow(ancestor: number, words: string): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = table.split('\n').flatMap(line => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args: args ?? '' }];
  });
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === ancestor || isOurs(parents.get(pid)));
  return rows.filter(({ pid, args }) => args.includes(words) && isOurs(pid)).map(({ pid }) => pid);
}

/** Whether the process is there, also when nobody is its parent any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
