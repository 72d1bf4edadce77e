/**
 * What carries a page's messages: VS Code's `postMessage` in the editor, a WebSocket in a browser. The page
 * cannot tell the difference. It also keeps the page's state over reloads.
 */
import type { WireMessage } from '../../src/protocol/endpoint';
import { isPong, pingMessage } from '../../src/protocol/pulse';
import { lostNotice } from './lost-notice';
import { Pulse } from './pulse';

/** What carries messages. */
export interface Wire {
  send(message: WireMessage): void;
  /** The state that was kept; undefined the first time. */
  load(): unknown;
  save(state: unknown): void;
}

/** What a wire tells. */
export interface WireListener {
  onMessage(message: unknown): void;
  /** Messages can be sent; after a break this is called again. */
  onOpen(): void;
  onClose(): void;
}

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  interface Window {
    /** There is one in VS Code only. */
    acquireVsCodeApi?: () => EditorApi;
  }
}

/** Connects the page to its host. While it is not connected the page says so. */
export function connect(listener: WireListener): Wire {
  const api = window.acquireVsCodeApi?.();
  const showLost = lostNotice(api === undefined ? 'server' : 'editor');
  const telling: WireListener = {
    onMessage: message => listener.onMessage(message),
    onOpen: () => {
      showLost(false);
      listener.onOpen();
    },
    onClose: () => {
      showLost(true);
      listener.onClose();
    },
  };
  return api === undefined ? connectSocket(telling) : connectEditor(api, telling);
}

function connectEditor(api: EditorApi, listener: WireListener): Wire {
  const pulse = new Pulse({
    ask: () => api.postMessage(pingMessage),
    onLost: () => listener.onClose(),
    onBack: () => listener.onOpen(),
  });
  window.addEventListener('message', event => {
    if (isPong(event.data)) pulse.answer();
    else listener.onMessage(event.data);
  });
  queueMicrotask(() => listener.onOpen());
  return {
    send: message => api.postMessage(message),
    load: () => api.getState(),
    save: state => api.setState(state),
  };
}

/** Milliseconds until a lost connection is tried again. */
const retry = 1000;
const stateKey = 'descent';

function connectSocket(listener: WireListener): Wire {
  let socket: WebSocket | undefined;
  const open = () => {
    const address = new URL(`socket${location.search}`, location.href);
    address.protocol = 'ws:';
    const opened = new WebSocket(address);
    socket = opened;
    opened.addEventListener('open', () => listener.onOpen());
    opened.addEventListener('message', event => listener.onMessage(parse(String(event.data))));
    opened.addEventListener('close', () => {
      listener.onClose();
      setTimeout(open, retry);
    });
  };
  open();
  return {
    send: message => {
      if (socket?.readyState !== WebSocket.OPEN) throw new Error('the connection is closed');
      socket.send(JSON.stringify(message));
    },
    load: () => parse(sessionStorage.getItem(stateKey) ?? ''),
    save: state => sessionStorage.setItem(stateKey, JSON.stringify(state)),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
