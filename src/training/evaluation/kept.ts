/** Evaluations that are kept with a run: `evaluations/<checkpoint>-<split>.json` in its folder. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../checkpoint';
import type { SplitName } from '../../protocol/dataset';
import { type EvaluationReport, evaluationSchema, evaluationsFolder } from '../../protocol/evaluation';
import { attempt } from '../file-errors';
import { makeFolders } from '../make-folder';
import type { EvaluationSession } from './session';

/** The name of a report's file: of the same checkpoint on the same data, the last one is kept. */
function nameOf(checkpoint: string, split: SplitName, fingerprint: string): string {
  const stem = path.basename(checkpoint, path.extname(checkpoint));
  const data = createHash('sha256').update(fingerprint).digest('hex').slice(0, 8);
  return `${stem}-${split}-${data}.json`;
}

/** Keeps a report with the run in this folder. */
export async function keepEvaluation(run: string, report: EvaluationReport): Promise<void> {
  const folder = path.join(run, evaluationsFolder);
  attempt('the evaluation cannot be kept', folder, () => makeFolders(folder));
  const text = `${JSON.stringify(report)}\n`;
  const { checkpoint, dataset } = report;
  const name = nameOf(checkpoint.file, dataset.split, dataset.fingerprint);
  await writeFileAtomic(path.join(folder, name), new TextEncoder().encode(text));
}

/**
 * The report that is kept of a checkpoint, if it is of this very content on this very data; what cannot be read or is
 * no report counts as none.
 */
export async function findEvaluation(
  { file, sha256, run, data }: EvaluationSession,
  split: SplitName,
): Promise<EvaluationReport | undefined> {
  if (run === undefined) return undefined;
  const name = nameOf(file, split, await data.fingerprint);
  try {
    const text = await readFile(path.join(run.folder, evaluationsFolder, name), 'utf8');
    const { success, data: report } = evaluationSchema.safeParse(JSON.parse(text));
    return success && report.checkpoint.sha256 === sha256 ? report : undefined;
  } catch {
    return undefined;
  }
}
