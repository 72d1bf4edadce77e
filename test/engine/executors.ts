/** Running the same tests on ONNX Runtime and on the reference interpreter. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { Executor } from '../../src/engine/runtime/executor';
import { executorFor, setExecutor } from '../../src/engine/runtime/realize';
import { referenceExecutor } from '../../src/engine/runtime/reference';
import type { Spelling } from './golden';

/** The two executors; each also takes one of the two ways to call an operation. */
const executors: readonly { name: string; executor: Executor; spelling: Spelling }[] = [
  { name: 'ONNX Runtime', executor: executorFor('cpu'), spelling: 'method' },
  { name: 'the reference interpreter', executor: referenceExecutor, spelling: 'function' },
];

/** Defines tests twice, once for each executor. */
export function onBothExecutors(define: (spelling: Spelling) => void): void {
  for (const { name, executor, spelling } of executors) {
    describe(`by ${name}`, () => {
      let before: Executor | undefined;
      beforeAll(() => {
        before = setExecutor('cpu', executor);
      });
      afterAll(() => {
        if (before !== undefined) setExecutor('cpu', before);
      });
      define(spelling);
    });
  }
}
