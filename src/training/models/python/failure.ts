/** What in a Python file cannot be trained as it says. */
import path from 'node:path';
import type { Made } from '../../../python';
import { TrainingError } from '../../errors';

/** A failure at a place of a file; `%` in the sentence stands for the name of what was made there. */
export function failure({ place, name }: Pick<Made, 'place' | 'name'>, sentence: string): TrainingError {
  return new TrainingError(`${path.basename(place.uri)}:${place.line}: ${sentence.replaceAll('%', name)}`);
}
