/** From what was measured to the report that is printed, kept and shown. */
import type { ImageData } from '../../data/image-data';
import type { SplitName } from '../../protocol/dataset';
import type { Assumption, EvaluationReport, Mistake } from '../../protocol/evaluation';
import { scoresPerClass } from '../metrics';
import { calibrationOf } from './calibration';
import type { Measurement } from './measure';

/** So many mistakes are listed. */
const mostMistakes = 100;

/** What a report says beside what was measured. */
export interface ReportFacts {
  readonly checkpoint: EvaluationReport['checkpoint'];
  readonly folder: string | null;
  readonly split: SplitName;
  readonly model: string;
  readonly seconds: number;
  readonly assumptions: readonly Assumption[];
  readonly tried: EvaluationReport['tried'];
}

/** The samples that were taken for something else, the most confident first. */
export function mistakesIn({ actual: labels, predicted, confidence }: Measurement): Mistake[] {
  const wrong = Array.from(predicted.keys()).filter(i => predicted[i] !== labels[i]);
  wrong.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0) || a - b);
  return wrong.slice(0, mostMistakes).map(index => ({
    index,
    actual: labels[index] ?? 0,
    predicted: predicted[index] ?? 0,
    confidence: confidence[index] ?? 0,
  }));
}

/** Whole numbers below 65536, 16 bits each, the lower byte first, in base 64. */
function base64(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(2 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeUInt16LE(values[i] ?? 0, 2 * i);
  return bytes.toString('base64');
}

/** The report. */
export function reportOf(
  measured: Measurement,
  data: ImageData,
  fingerprint: string,
  { checkpoint, folder, split, model, seconds, assumptions, tried }: ReportFacts,
): EvaluationReport {
  const { loss, accuracy, correct, total, confusion, actual, predicted, confidence } = measured;
  const { name, classes, train } = data;
  return {
    format: 1,
    created: new Date().toISOString(),
    checkpoint,
    dataset: { name, folder, split, fingerprint, shape: [...train.shape], classes: [...classes] },
    model,
    seconds,
    assumptions: [...assumptions],
    tried,
    loss: Number.isFinite(loss) ? loss : null,
    accuracy,
    correct,
    total,
    confusion: confusion.map(row => [...row]),
    perClass: scoresPerClass(confusion, classes),
    calibration: calibrationOf(confidence, i => predicted[i] === actual[i]),
    mistakes: mistakesIn(measured),
    predictions: {
      actual: base64(actual),
      predicted: base64(predicted),
      confidence: base64(confidence.map(share => Math.round(65535 * Math.min(1, Math.max(0, share))))),
    },
  };
}
