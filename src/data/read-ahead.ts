/** Reading in the background: begins the next items of a stream before they are asked for, and keeps their order. */

/**
 * Goes through `source` with `depth` items begun ahead of the one in use. With 0 an item is begun when it is
 * asked for. `source.next` is called again before its last answer has come: an async generator then queues
 * the calls, and a source that can work on several at once does so.
 */
export async function* readAhead<B>(
  source: AsyncIterator<B>,
  depth: number,
): AsyncGenerator<B, void, undefined> {
  const begun: Promise<IteratorResult<B>>[] = [];
  try {
    for (;;) {
      while (begun.length <= depth) {
        const item = source.next();
        // An error is thrown when its turn comes; until then it must not count as unhandled.
        item.catch(() => {});
        begun.push(item);
      }
      const result = await begun.shift();
      if (result === undefined || result.done) return;
      yield result.value;
    }
  } finally {
    await source.return?.();
  }
}

/** The items of a stream in lists of `size`; the last may be shorter, unless it is dropped. */
export async function* inBatches<T>(
  source: Iterable<T> | AsyncIterable<T>,
  size: number,
  dropLast: boolean,
): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = [];
  for await (const item of source) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0 && !dropLast) yield batch;
}

/** An async iterator that makes each item of `source` by `make`, and several at once when asked to. */
export function mapAsync<S, B>(source: Iterator<S>, make: (item: S) => Promise<B>): AsyncIterator<B> {
  return {
    async next() {
      const result = source.next();
      return result.done
        ? { done: true, value: undefined }
        : { done: false, value: await make(result.value) };
    },
    async return() {
      source.return?.();
      return { done: true, value: undefined };
    },
  };
}
