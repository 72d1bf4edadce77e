import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { Endpoint, type Side, type WireMessage } from '../../src/protocol/endpoint';

interface Requests {
  readonly double: { readonly params: { readonly value: number }; readonly result: number };
}
interface Events {
  readonly told: string;
}

const side: Side<Requests, Events> = {
  requests: { double: { params: z.object({ value: z.number() }), result: z.number() } },
  events: { told: z.string() },
};
const silent: Side<object, object> = { requests: {}, events: {} };

/** A server and a client with a wire between them that can be listened to. */
function pair(double: (params: { readonly value: number }) => number | Promise<number>) {
  const told: string[] = [];
  const wire: WireMessage[] = [];
  const server: Endpoint<Requests, Events, object, object> = new Endpoint<Requests, Events, object, object>(
    side,
    silent,
    { requests: { double }, events: { told: text => told.push(text) } },
    message => client.receive(JSON.parse(JSON.stringify(message))),
  );
  const client: Endpoint<object, object, Requests, Events> = new Endpoint<object, object, Requests, Events>(
    silent,
    side,
    { requests: {}, events: {} },
    message => {
      wire.push(message);
      server.receive(JSON.parse(JSON.stringify(message)));
    },
    50,
  );
  return { client, server, told, wire };
}

afterEach(() => vi.useRealTimers());

describe('an endpoint', () => {
  it('brings results, errors and events', async () => {
    const { client, told } = pair(({ value }) => {
      if (value < 0) throw new Error('too small');
      return 2 * value;
    });
    expect(await client.request('double', { value: 4 })).toBe(8);
    await expect(client.request('double', { value: -1 })).rejects.toThrow('too small');
    client.notify('told', 'news');
    expect(told).toEqual(['news']);
  });

  it('gives up on a request that nobody answers', async () => {
    vi.useFakeTimers();
    const { client } = pair(() => new Promise<number>(() => undefined));
    const asked = expect(client.request('double', { value: 1 })).rejects.toThrow('no answer to "double"');
    await vi.advanceTimersByTimeAsync(60);
    await asked;
  });

  it('fails what is waited for when it is closed, and whatever is asked after that', async () => {
    const { client } = pair(() => new Promise<number>(() => undefined));
    const asked = client.request('double', { value: 1 });
    client.close('gone');
    await expect(asked).rejects.toThrow('gone');
    await expect(client.request('double', { value: 1 })).rejects.toThrow('gone');
  });

  it('fails a request that cannot be sent', async () => {
    const broken = new Endpoint<object, object, Requests, Events>(
      silent,
      side,
      { requests: {}, events: {} },
      () => {
        throw new Error('no wire');
      },
    );
    await expect(broken.request('double', { value: 1 })).rejects.toThrow('no wire');
  });

  it('takes in nothing that is not in the contract', async () => {
    const { client, server, told, wire } = pair(({ value }) => value);
    for (const bad of [null, 5, 'x', {}, { kind: 'event', name: 'toString', params: 1 }]) server.receive(bad);
    server.receive({ kind: 'event', name: 'told', params: 5 });
    server.receive({ kind: 'result', id: 99, result: 1 });
    expect(told).toEqual([]);
    expect(wire).toEqual([]);
    const answers = new Map<number, WireMessage>();
    const careful = new Endpoint<Requests, Events, object, object>(
      side,
      silent,
      { requests: { double: ({ value }) => value }, events: { told: () => undefined } },
      message => 'id' in message && answers.set(message.id, message),
    );
    careful.receive({ kind: 'request', id: 1, name: 'double', params: { value: 'four' } });
    careful.receive({ kind: 'request', id: 2, name: '__proto__', params: {} });
    await vi.waitFor(() => expect(answers.size).toBe(2));
    expect(answers.get(1)).toMatchObject({ kind: 'error' });
    expect(answers.get(2)).toMatchObject({ kind: 'error', message: 'there is no request "__proto__"' });
    client.close();
  });

  it('does not believe a result of another kind', async () => {
    const client: Endpoint<object, object, Requests, Events> = new Endpoint<object, object, Requests, Events>(
      silent,
      side,
      { requests: {}, events: {} },
      message => {
        if (message.kind === 'request') client.receive({ kind: 'result', id: message.id, result: 'eight' });
      },
    );
    await expect(client.request('double', { value: 4 })).rejects.toThrow('not what was expected');
  });
});
