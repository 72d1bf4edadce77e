/** Names that are each given once, in time that grows with how many are asked for, however often one is wanted. */

/** Gives what is wanted, or where that is taken the same with the next free number, from 2 on. */
export class FreeNames<T> {
  readonly #taken = new Set<string>();
  /** The next number to try, by what was wanted. */
  readonly #next = new Map<string, number>();

  /**
   * @param numbered a name with a number to it
   * @param keyOf tells names apart
   */
  constructor(
    private readonly numbered: (wanted: T, number: number) => T,
    private readonly keyOf: (name: T) => string,
  ) {}

  /** A name that no call before has given. */
  take(wanted: T): T {
    const key = this.keyOf(wanted);
    let number = this.#next.get(key) ?? 2;
    let name = wanted;
    while (this.#taken.has(this.keyOf(name))) name = this.numbered(wanted, number++);
    this.#next.set(key, number);
    this.#taken.add(this.keyOf(name));
    return name;
  }
}

/** Names of tensors: `weight`, `weight (2)`. */
export function freeTensorNames(): FreeNames<string> {
  return new FreeNames(
    (wanted, number) => `${wanted} (${number})`,
    name => name,
  );
}
