/** Things that are to be released together. */
import type { Disposable } from 'vscode';

/** A collection of disposables, itself one. */
export class Disposables implements Disposable {
  readonly #kept = new Set<Disposable>();
  #disposed = false;

  /** Keeps something until the end. What comes too late is released at once: nobody else would do it. */
  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#kept.add(disposable);
    return disposable;
  }

  /** Releases everything that was added. */
  dispose(): void {
    this.#disposed = true;
    for (const disposable of this.#kept) disposable.dispose();
    this.#kept.clear();
  }
}
