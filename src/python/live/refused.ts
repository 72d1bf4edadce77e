/** How the building or running of a module ends where something is not known, or the engine cannot do it. */
import type { Interpreter, SourceFile } from '../interpret/interpreter';
import type { Span } from '../parse';

/** A place in a file, for people: its line is counted from 1. */
export interface Place {
  readonly uri: string;
  readonly line: number;
}

/** Thrown where a module cannot be built or run; the message begins with file and line. */
export class Refused extends Error {
  constructor(
    readonly place: Place,
    readonly sentence: string,
  ) {
    super(`${nameOf(place.uri)}:${place.line}: ${sentence}`);
  }
}

/** The last part of a path or an address. */
export function nameOf(uri: string): string {
  return uri.split(/[\\/]/).at(-1) ?? uri;
}

/** Where a span of a file stands. */
export function placeOf({ uri, text }: Pick<SourceFile, 'uri' | 'text'>, { from }: Span): Place {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < from; at = text.indexOf('\n', at + 1)) line++;
  return { uri, line };
}

/** Ends the reading with a sentence about where the interpreter is. */
export function refuse(interpreter: Interpreter, sentence: string): never {
  const { file } = interpreter.frame;
  throw new Refused(placeOf(file, interpreter.span), sentence);
}
