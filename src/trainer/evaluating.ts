/** The process as one that evaluates: messages of a page in, answers out. It ends with whoever started it. */
import { evaluationSubjectSchema } from '../protocol/evaluation-page';
import { Evaluator } from './evaluator';

/** @param given what is evaluated, as JSON */
export function serveEvaluation(given: string): void {
  const subject = evaluationSubjectSchema.parse(JSON.parse(given));
  const evaluator = new Evaluator(subject, message => {
    // Who has gone needs no answer.
    if (process.connected) process.send?.(message, () => undefined);
  });
  process.on('message', message => evaluator.receive(message));
  process.once('disconnect', () => process.exit(0));
  evaluator.begin();
}
