/** Measuring the model in a file, from opening it to the report. */
import type { SplitName } from '../../protocol/dataset';
import type { EvaluationReport } from '../../protocol/evaluation';
import type { MeasureObserver } from './measure';
import { EvaluationSession, type EvaluationSubject } from './session';

/** Measures a checkpoint; see {@link EvaluationSession}. */
export async function evaluateCheckpoint(
  subject: EvaluationSubject,
  split: SplitName,
  observer: MeasureObserver = {},
): Promise<EvaluationReport> {
  const session = await EvaluationSession.open(subject, observer);
  try {
    return await session.evaluate(split, observer);
  } finally {
    await session.close();
  }
}
