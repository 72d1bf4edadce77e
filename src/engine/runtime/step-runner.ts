/** How a compiled step is run on each kind of device. */

import { observingLast } from './observing-last';
import { createResidentRunner } from './onnx/resident-runner';
import { createScanRunner } from './onnx/scan-runner';
import type { StepProgram, StepRunner } from './step-program';

/** On the CPU all steps of a call run inside one model; on a GPU the state stays there between steps. */
export function createStepRunner(program: StepProgram): Promise<StepRunner> {
  if (program.device === 'cpu') return createScanRunner(program);
  return program.observe === 'last'
    ? observingLast(program, createResidentRunner)
    : createResidentRunner(program);
}
