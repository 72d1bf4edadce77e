/** Training takes what the editor leaves: its windows stay quick, and where nothing else runs nothing is lost. */
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** The threads of this process, where each has a priority of its own; 0 for the process where it has one for all. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}

/** Lowers the priority of the process: of all its threads, and of those that they begin from now on. */
export function giveWay(): void {
  for (const thread of threads()) {
    try {
      setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // Some systems do not allow it, and a thread may have ended meanwhile.
    }
  }
}
