/**
 * Draws things with the next frame, however often that is asked for until then. Where they take longer than a frame
 * has time for, some wait for the next one: what a person moves follows the hand, the others follow it.
 */

/** Milliseconds of a frame that drawing may begin in; a frame has 16. */
const share = 6;

/** Draws things in turns. */
export class DrawQueue<T> {
  readonly #due = new Set<T>();
  #first: T | undefined;
  #frame: number | undefined;

  constructor(
    private readonly draw: (thing: T) => void,
    private readonly nextFrame: (body: () => void) => number = body => requestAnimationFrame(body),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Has things drawn; `first` before all others. */
  ask(things: Iterable<T>, first?: T): void {
    for (const thing of things) this.#due.add(thing);
    this.#first = first ?? this.#first;
    this.#frame ??= this.nextFrame(() => this.#drawSome());
  }

  #drawSome(): void {
    this.#frame = undefined;
    const end = this.now() + share;
    // Those that have waited longest come first: a set keeps the order in which things came.
    const order = [...this.#due];
    if (this.#first !== undefined && this.#due.has(this.#first)) order.unshift(this.#first);
    this.#first = undefined;
    for (const thing of order) {
      if (!this.#due.delete(thing)) continue;
      this.draw(thing);
      if (this.now() >= end) break;
    }
    if (this.#due.size > 0) this.ask([]);
  }
}
