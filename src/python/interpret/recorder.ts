/** What was seen while a file was read: which values stood at which place, and what certainly failed. */
import type { Span } from '../parse';
import { optionsOf } from './join';
import type { Dim } from './sizes';
import { PyInstance, PyList, PyTuple, TensorValue, Unknown, type Value } from './values';

/** A tensor as it was when it was seen. */
export interface Sighting {
  readonly dims: readonly Dim[];
  readonly dtype: string | undefined;
  readonly extra: TensorValue['extra'];
  readonly tensor: TensorValue;
}

/** All that stood at a place. */
export interface Seen {
  readonly span: Span;
  /** True for a name or a chain such as `self.w`, false for any other expression. */
  readonly variable: boolean;
  /** Tensors by their shapes. */
  readonly tensors: Map<string, Sighting>;
  readonly modules: Set<PyInstance>;
  readonly sequences: Set<PyList | PyTuple>;
  /** True if something stood there of which nothing is known. */
  unknown: boolean;
}

/** Something that fails for certain. */
export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** Another place that has to do with it, such as where the layer was made. */
  readonly related?: { readonly span: Span; readonly message: string } | undefined;
}

const mostAtOnePlace = 64;

/** Keeps what was seen in one file. */
export class Recorder {
  readonly seen = new Map<string, Seen>();
  readonly failures = new Map<string, Failure>();
  /** What is seen while this is true does not count: it is tried only. */
  muted = false;

  /** Notes what stands at a place. */
  see(span: Span, value: Value, variable: boolean): void {
    if (this.muted) return;
    for (const option of optionsOf(value)) {
      if (option instanceof TensorValue) this.#seeTensor(this.#at(span, variable), option);
      else if (option instanceof PyInstance) this.#at(span, variable).modules.add(option);
      else if (option instanceof PyList || option instanceof PyTuple) {
        const { sequences } = this.#at(span, variable);
        if (sequences.size < mostAtOnePlace) sequences.add(option);
      } else if (option instanceof Unknown) this.#at(span, variable).unknown = true;
    }
  }

  #at(span: Span, variable: boolean): Seen {
    const key = `${span.from}:${span.to}`;
    const known = this.seen.get(key);
    if (known !== undefined) return known;
    const seen: Seen = {
      span,
      variable,
      tensors: new Map(),
      modules: new Set(),
      sequences: new Set(),
      unknown: false,
    };
    this.seen.set(key, seen);
    return seen;
  }

  #seeTensor(seen: Seen, tensor: TensorValue): void {
    const { dims, dtype, extra } = tensor;
    const key = `${dims.map(dim => (typeof dim === 'number' ? dim : `${dim.first}/${dim.second}`)).join()} ${extra.array ? 'array' : ''}`;
    const before = seen.tensors.get(key);
    if (before === undefined) {
      if (seen.tensors.size >= mostAtOnePlace) seen.unknown = true;
      else seen.tensors.set(key, { dims, dtype, extra, tensor });
      return;
    }
    if (before.dtype !== dtype) seen.tensors.set(key, { ...before, dtype: undefined });
  }

  /** Notes that something fails. */
  fail(failure: Failure): void {
    if (this.muted) return;
    const key = `${failure.span.from}:${failure.span.to}`;
    // A program ends with its first failure; a later one at the same place is of a run that never happens.
    if (!this.failures.has(key)) this.failures.set(key, failure);
  }
}
