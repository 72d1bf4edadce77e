/** What a person is told when a run has paused by itself. Knows nothing of VS Code. */
import type { BreakpointEvent } from '../../protocol/training-events';

const places = {
  value: (name: string) => `in ${name}`,
  gradient: (name: string) => `in the gradient that arrives at ${name}`,
  update: (name: string) => `in ${name}, when the optimizer changes it`,
} as const;

/** Says before which step the run has paused, why, and where it goes wrong first. */
export function describeBreakpoint({ step, reason, of, name }: BreakpointEvent): string {
  const where = of === null || name === null ? '' : `; it goes wrong first ${places[of](name)}`;
  return `Descent: paused before step ${step + 1}: ${reason}${where}.`;
}
