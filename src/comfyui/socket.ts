import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { isObject, type JsonObject, parseJson } from '../workflow/json.js';
import type { Server } from './server.js';

/** A text message of the server: `{"type": ..., "data": ...}`. */
export interface Message {
  readonly type: string;
  readonly data: JsonObject;
}

export interface SocketEvents {
  readonly onMessage: (message: Message) => void;
  /** The connection went away: messages may have been missed from here on. */
  readonly onGap: () => void;
}

export interface Socket {
  /** The id to queue with; the one of the first connection. */
  readonly clientId: string;
  /** Resolves when the first connection stands or has failed; the run does not depend on it. */
  readonly ready: Promise<void>;
  readonly close: () => void;
}

const maxMessage = 64 * 1024 * 1024;
const firstWait = 250;
const longestWait = 8000;

/**
 * Listens to a server and connects again for as long as it is not closed. Every connection has an id of its own: the server
 * stops serving an id for good when an older connection of that id goes away. After a reconnect only broadcasts arrive
 * (`status`), which is enough to wake up and ask `/history`.
 */
export function openSocket(server: Server, events: SocketEvents): Socket {
  const clientId = randomUUID();
  const state: State = { closed: false, failures: 0 };
  let settled = () => {};
  const ready = new Promise<void>((resolve) => {
    settled = resolve;
  });
  connect(server, clientId, events, state, settled);
  return { clientId, ready, close: () => close(state) };
}

interface State {
  closed: boolean;
  failures: number;
  socket?: WebSocket;
  timer?: NodeJS.Timeout;
}

function connect(server: Server, id: string, events: SocketEvents, state: State, settled: () => void): void {
  const address = `${server.url.replace(/^http/, 'ws')}/ws?clientId=${id}`;
  const headers = server.authorization === undefined ? {} : { Authorization: server.authorization };
  const options = { headers, maxPayload: maxMessage, handshakeTimeout: 5000, perMessageDeflate: false };
  const socket = new WebSocket(address, options);
  state.socket = socket;
  socket.on('open', () => {
    state.failures = 0;
    settled();
  });
  socket.on('message', (data, binary) => {
    if (!binary) deliver(String(data), events);
  });
  // What went wrong does not matter: `close` follows, and `/history` is the truth.
  socket.on('error', () => {});
  socket.on('close', () => {
    settled();
    if (state.closed) return;
    events.onGap();
    const wait = Math.min(firstWait * 2 ** state.failures++, longestWait);
    state.timer = setTimeout(() => connect(server, randomUUID(), events, state, settled), wait);
  });
}

/** Anything that is not a message of the protocol is left unread. */
function deliver(text: string, events: SocketEvents): void {
  try {
    const message = parseJson(text);
    if (!isObject(message)) return;
    const type = message.get('type');
    const data = message.get('data');
    if (typeof type === 'string' && isObject(data)) events.onMessage({ type, data });
  } catch {
    // Not JSON: a server may send what it likes; the run is not lost by it.
  }
}

function close(state: State): void {
  state.closed = true;
  clearTimeout(state.timer);
  state.socket?.terminate();
}
