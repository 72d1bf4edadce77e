/**
 * One end of a wire: requests that always end, in a result or an error, and events that ask for no answer.
 * It knows neither what is sent over the wire nor what carries it: contracts give the one, a `send` function
 * and `receive` the other. Everything that arrives is checked before anybody sees it.
 */
import * as z from 'zod/mini';

/** What checks a value that came over the wire; zod's schemas do. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly message: string } };
}

/** Requests by name: what is asked with, and what is answered. */
export type RequestMap<M> = { [K in keyof M]: { readonly params: unknown; readonly result: unknown } };

/** What one side of a wire takes in. */
export interface Side<Requests extends RequestMap<Requests>, Events> {
  readonly requests: {
    readonly [K in keyof Requests]: {
      readonly params: Schema<Requests[K]['params']>;
      readonly result: Schema<Requests[K]['result']>;
    };
  };
  readonly events: { readonly [K in keyof Events]: Schema<Events[K]> };
}

/** What one side does with what it takes in. */
export interface Handlers<Requests extends RequestMap<Requests>, Events> {
  readonly requests: {
    readonly [K in keyof Requests]: (
      params: Requests[K]['params'],
    ) => Requests[K]['result'] | Promise<Requests[K]['result']>;
  };
  readonly events: { readonly [K in keyof Events]: (params: Events[K]) => void };
}

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id: z.number(), name: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal('result'), id: z.number(), result: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.number(), message: z.string() }),
  z.object({ kind: z.literal('event'), name: z.string(), params: z.unknown() }),
]);

/** What goes over the wire; plain JSON. */
export type WireMessage = z.infer<typeof messageSchema>;

interface Pending {
  readonly settle: (raw: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Milliseconds after which a request that nobody answers fails. */
const patience = 30_000;

/** Whether `name` is one of the record's own keys, and so nothing that every object has. */
function isKey<T extends object>(record: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(record, name);
}

/** One end of a wire. `LR` and `LE` are what this end takes in, `RR` and `RE` what the other does. */
export class Endpoint<LR extends RequestMap<LR>, LE, RR extends RequestMap<RR>, RE> {
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closed: Error | undefined;

  constructor(
    private readonly local: Side<LR, LE>,
    private readonly remote: Side<RR, RE>,
    private readonly handlers: Handlers<LR, LE>,
    private readonly send: (message: WireMessage) => void,
    private readonly timeout = patience,
  ) {}

  /**
   * Asks the other end; ends in its result or in an error that says what went wrong. `timeout` is for requests
   * that a person answers.
   */
  request<K extends keyof RR & string>(
    name: K,
    params: RR[K]['params'],
    timeout = this.timeout,
  ): Promise<RR[K]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      const id = this.#next++;
      const schema: Schema<RR[K]['result']> = this.remote.requests[name].result;
      const timer = setTimeout(
        () => this.#take(id)?.fail(new Error(`no answer to "${name}" within ${timeout / 1000} s`)),
        timeout,
      );
      this.#pending.set(id, {
        settle: raw => {
          const parsed = schema.safeParse(raw);
          if (parsed.success) resolve(parsed.data);
          else reject(new Error(`the answer to "${name}" is not what was expected: ${parsed.error.message}`));
        },
        fail: reject,
        timer,
      });
      try {
        this.send({ kind: 'request', id, name, params });
      } catch (error) {
        this.#take(id)?.fail(asError(error));
      }
    });
  }

  /** Tells the other end something. */
  notify<K extends keyof RE & string>(name: K, params: RE[K]): void {
    if (this.#closed === undefined) this.send({ kind: 'event', name, params });
  }

  /** Takes in what came over the wire; what is no message of this contract is passed over or refused. */
  receive(raw: unknown): void {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success || this.#closed !== undefined) return;
    const message = parsed.data;
    if (message.kind === 'request') void this.#answer(message.id, message.name, message.params);
    else if (message.kind === 'event') this.#hear(message.name, message.params);
    else if (message.kind === 'result') this.#take(message.id)?.settle(message.result);
    else this.#take(message.id)?.fail(new Error(message.message));
  }

  /** Ends the endpoint: everything that is still waited for fails with this reason. */
  close(reason = 'the connection is closed'): void {
    this.#closed ??= new Error(reason);
    for (const id of [...this.#pending.keys()]) this.#take(id)?.fail(this.#closed);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  async #answer(id: number, name: string, raw: unknown): Promise<void> {
    let reply: WireMessage;
    try {
      if (!isKey(this.local.requests, name)) throw new Error(`there is no request "${name}"`);
      reply = { kind: 'result', id, result: await this.#handle(name, raw) };
    } catch (error) {
      reply = { kind: 'error', id, message: asError(error).message };
    }
    try {
      if (this.#closed === undefined) this.send(reply);
    } catch {
      // The wire has gone; so has whoever asked.
    }
  }

  async #handle<K extends keyof LR>(name: K, raw: unknown): Promise<LR[K]['result']> {
    const schema: Schema<LR[K]['params']> = this.local.requests[name].params;
    const parsed = schema.safeParse(raw);
    if (!parsed.success) throw new Error(`"${String(name)}" was asked wrongly: ${parsed.error.message}`);
    return this.handlers.requests[name](parsed.data);
  }

  #hear(name: string, raw: unknown): void {
    if (isKey(this.local.events, name)) this.#tell(name, raw);
  }

  #tell<K extends keyof LE>(name: K, raw: unknown): void {
    const schema: Schema<LE[K]> = this.local.events[name];
    const parsed = schema.safeParse(raw);
    if (parsed.success) this.handlers.events[name](parsed.data);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
