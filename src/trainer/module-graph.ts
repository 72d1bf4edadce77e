/** The process as one that builds a module of a Python file, tells its graph, and ends. */
import { type ModuleGraphAnswer, moduleGraphRequestSchema } from '../protocol/module-graph';
import { graphOfModule, messageOf, TrainingError } from '../training';
import { editorWords } from './words';

function answerTo(message: unknown): ModuleGraphAnswer {
  try {
    const { file, text, name, ...batch } = moduleGraphRequestSchema.parse(message);
    return { graph: graphOfModule({ file, text, name }, batch) };
  } catch (error) {
    if (!(error instanceof TrainingError)) console.error(error);
    return { refused: editorWords(messageOf(error)) };
  }
}

/** Answers one message. */
export function serveModuleGraph(): void {
  process.once('disconnect', () => process.exit(0));
  process.once('message', message => {
    process.send?.(answerTo(message), () => process.disconnect());
  });
}
