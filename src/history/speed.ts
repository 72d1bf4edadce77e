/** How fast a run goes, from when its steps were seen. */

/** Milliseconds that are looked back. */
const memory = 5000;

/** Watches a count of steps. */
export class Speed {
  #seen: { readonly step: number; readonly time: number }[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Says how many steps have been taken by now. */
  see(step: number): void {
    const time = this.now();
    const last = this.#seen.at(-1);
    if (last !== undefined && step < last.step) this.#seen = [];
    if (last?.step === step) return;
    this.#seen.push({ step, time });
    while (this.#seen.length > 2 && time - (this.#seen[0]?.time ?? time) > memory) this.#seen.shift();
  }

  /** Steps in a second lately; undefined while it cannot be told. */
  get stepsPerSecond(): number | undefined {
    const [first] = this.#seen;
    const last = this.#seen.at(-1);
    if (first === undefined || last === undefined || last.time - first.time < 200) return undefined;
    return ((last.step - first.step) / (last.time - first.time)) * 1000;
  }
}
