/** From what a model gave for each sample to the samples of a cell of the confusion matrix. */
import type { EvaluationReport } from './evaluation';

/** A sample of a cell. */
export interface CellSample {
  readonly index: number;
  readonly actual: number;
  readonly predicted: number;
  /** How sure the model was of what it took the sample for. */
  readonly confidence: number;
}

/** What {@link EvaluationReport.predictions} are packed in. */
function unpacked(base64: string): Uint16Array {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return Uint16Array.from(
    { length: bytes.length >> 1 },
    (_, i) => (bytes[2 * i] ?? 0) + 256 * (bytes[2 * i + 1] ?? 0),
  );
}

/** The samples of class `actual` that were taken for `predicted`, the most confident first. */
export function samplesOfCell(
  { predictions }: Pick<EvaluationReport, 'predictions'>,
  actual: number,
  predicted: number,
): CellSample[] {
  const [labels, taken, sure] = [predictions.actual, predictions.predicted, predictions.confidence].map(
    unpacked,
  );
  const found: CellSample[] = [];
  labels?.forEach((label, index) => {
    if (label !== actual || taken?.[index] !== predicted) return;
    found.push({ index, actual, predicted, confidence: (sure?.[index] ?? 0) / 65535 });
  });
  return found.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
}
