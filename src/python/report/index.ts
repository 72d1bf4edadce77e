/** Tells what was found as plain data. */
import type { Interpreter, SourceFile } from '../interpret/interpreter';
import type { Failure, Recorder, Seen } from '../interpret/recorder';
import type { PyInstance } from '../interpret/values';
import { Lines } from './lines';
import { ModuleReports } from './modules';
import { occurrenceOf } from './occurrences';
import type { Analysis, Diagnostic } from './types';

/** The report of a reading. What the file itself showed counts before what was only tried. */
export function report(
  interpreter: Interpreter,
  file: SourceFile,
  recorder: Recorder,
  explored: Recorder,
  complete: boolean,
): Analysis {
  const lines = new Lines(file.text);
  const seen = new Map<string, Seen>([...explored.seen, ...recorder.seen]);
  const modules = new ModuleReports(file, lines, interpreter.flows, [...seen.values()]);
  const index = (module: PyInstance) => modules.indexOf(module);
  const occurrences = [...seen.values()]
    .sort((a, b) => a.span.from - b.span.from || b.span.to - a.span.to)
    .flatMap(one => occurrenceOf(one, lines, index) ?? []);
  const failures = new Map<string, Failure>([...explored.failures, ...recorder.failures]);
  return {
    occurrences,
    diagnostics: [...failures.values()].map(one => diagnosticOf(one, lines)),
    modules: modules.all,
    complete,
  };
}

function diagnosticOf({ span, message, related }: Failure, lines: Lines): Diagnostic {
  return {
    range: lines.range(span),
    message,
    ...(related && { related: { range: lines.range(related.span), message: related.message } }),
  };
}
