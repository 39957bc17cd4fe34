// Plays a recorded exchange against a server and compares what comes back, event by event.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { isArray, isObject, type Json, type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import { bytesLike, type Comparing, comparable, sentNumbers } from './comparable.js';
import type { Gate } from './lab-nodes.js';

export interface Event {
  readonly dir: string;
  readonly conn: string;
  readonly all: JsonObject;
}

export function readExchange(name: string): Event[] {
  const text = readFileSync(new URL(`../fixtures/comfyui/exchanges/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const all = parseJson(line) as JsonObject;
      return { dir: String(all.get('dir')), conn: String(all.get('conn') ?? ''), all };
    });
}

/** The JSON of an event: parsed, or raw text where a parser of the recorder would have rounded. */
export function bodyOf(event: Event, key = 'body'): Json | undefined {
  const parsed = event.all.get(key);
  if (parsed !== undefined) return parsed;
  const text = event.all.get(key === 'body' ? 'bodyText' : 'requestText');
  if (typeof text !== 'string') return undefined;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

interface Listener {
  readonly socket: WebSocket;
  readonly received: (Json | Buffer)[];
  wake: () => void;
}

/** Replays all events; `gate` is opened whenever the recording goes on with a sleeping node. */
export async function replay(url: string, events: readonly Event[], gate: Gate): Promise<void> {
  const listeners = new Map<string, Listener>();
  const comparing: Comparing = { recorded: sentNumbers(events), ours: new Map(), letters: new Map() };
  try {
    for (const [at, event] of events.entries()) {
      if (event.dir === 'ws-open') listeners.set(event.conn, await open(url, event));
      else if (event.dir === 'ws-sent') listener(listeners, event).socket.send(writeJson(bodyOf(event) ?? null));
      else if (event.dir === 'ws-close') listener(listeners, event).socket.close();
      else if (isJobs(event)) continue;
      else if (event.dir === 'http') await request(url, event, comparing, at);
      else if (!isLog(event)) {
        if (goesOn(event)) gate.open();
        const got = await next(listener(listeners, event));
        compareMessage(event, got, comparing, at);
      }
    }
    for (const { received } of listeners.values()) expect(received.filter((left) => !isQuiet(left))).toEqual([]);
  } finally {
    for (const { socket } of listeners.values()) socket.terminate();
  }
}

const isQuiet = (message: Json | Buffer) =>
  isObject(message as Json) && (message as JsonObject).get('type') === 'status';

/** The jobs routes are not simulated: nothing here asks for them. */
const isJobs = (event: Event) => /^\/(?:api\/)?jobs\b/.test(String(event.all.get('path')));

/** The simulator keeps no log. */
const isLog = (event: Event) => {
  const body = bodyOf(event);
  return isObject(body) && body.get('type') === 'logs';
};

/** A `progress_state` in which a node of several steps took one more, or ended. */
function goesOn(event: Event): boolean {
  const body = bodyOf(event);
  const data = isObject(body) && body.get('type') === 'progress_state' ? body.get('data') : undefined;
  const nodes = isObject(data) ? data.get('nodes') : undefined;
  const last = [...(isObject(nodes) ? nodes.values() : [])].at(-1);
  return isObject(last) && typeof last.get('max') === 'number' && Number(last.get('max')) > 1;
}

async function open(url: string, event: Event): Promise<Listener> {
  const query = event.all.get('query') as JsonObject;
  const client = query.get('clientId');
  const address = `${url.replace('http', 'ws')}/ws${client === undefined ? '' : `?clientId=${String(client)}`}`;
  const socket = new WebSocket(address);
  const found: Listener = { socket, received: [], wake: () => {} };
  socket.on('message', (data: Buffer, binary) => {
    found.received.push(binary ? data : parseJson(String(data)));
    found.wake();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return found;
}

function listener(listeners: ReadonlyMap<string, Listener>, event: Event): Listener {
  const found = listeners.get(event.conn);
  if (found === undefined) throw new Error(`no socket ${event.conn}`);
  return found;
}

async function next(from: Listener): Promise<Json | Buffer> {
  while (from.received.length === 0) await new Promise<void>((resolve) => (from.wake = resolve));
  return from.received.shift() as Json | Buffer;
}

function compareMessage(event: Event, got: Json | Buffer, comparing: Comparing, at: number): void {
  if (event.dir === 'ws') {
    expect(Buffer.isBuffer(got), `event ${at} is text`).toBe(false);
    const expected = comparable(bodyOf(event) ?? null, comparing, 'recorded');
    expect(comparable(got as Json, comparing, 'ours'), `event ${at}`).toEqual(expected);
    return;
  }
  const frame = got as Buffer;
  expect(frame.readUInt32BE(0), `event ${at}`).toBe(event.all.get('eventType'));
  if (event.all.has('imageFormat')) expect(frame.readUInt32BE(4)).toBe(event.all.get('imageFormat'));
  if (event.all.has('text')) expect(frame.toString('hex')).toBe(event.all.get('head'));
  if (event.all.has('metadata')) {
    const about = parseJson(frame.subarray(8, 8 + frame.readUInt32BE(4)).toString());
    expect(about).toEqual(event.all.get('metadata'));
  }
}

async function request(url: string, event: Event, comparing: Comparing, at: number): Promise<void> {
  const query = event.all.get('query') as JsonObject;
  const search = new URLSearchParams(
    [...query].map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  const address = `${url}${String(event.all.get('path'))}${search === '' ? '' : `?${search}`}`;
  const response = await fetch(address, requestInit(url, event));
  const what = `event ${at}: ${String(event.all.get('method'))} ${String(event.all.get('path'))} ${search}`;
  expect(response.status, what).toBe(event.all.get('status'));
  const headers = event.all.get('headers') as JsonObject;
  const converted = query.has('preview');
  if (!converted) expect(response.headers.get('content-type') ?? '', what).toBe(headers.get('content-type'));
  const bytes = Buffer.from(await response.arrayBuffer());
  const expected = bodyOf(event);
  if (String(headers.get('content-type')).includes('json')) {
    const got = comparable(parseJson(bytes.toString()), comparing, 'ours');
    expect(got, what).toEqual(comparable(expected ?? null, comparing, 'recorded'));
  } else if (typeof expected === 'string') expect(bytes.toString(), what).toBe(expected);
  else if (headers.has('content-disposition'))
    expect(bytes.length > 0 || event.all.get('method') === 'HEAD').toBe(true);
}

function requestInit(url: string, event: Event): RequestInit {
  const method = String(event.all.get('method'));
  const headers = new Headers();
  for (const [name, value] of (event.all.get('requestHeaders') as JsonObject | undefined) ?? []) {
    // The recording machine's own origin becomes ours.
    headers.set(name, String(value).replace('http://127.0.0.1:8811', url));
  }
  const parts = event.all.get('requestMultipart');
  if (isArray(parts)) return { method, headers, body: multipart(parts) };
  const text = event.all.get('requestText');
  if (typeof text === 'string') return { method, headers, body: text };
  const json = event.all.get('requestBody');
  return json === undefined ? { method, headers } : { method, headers, body: writeJson(json) };
}

function multipart(parts: Json[]): FormData {
  const form = new FormData();
  for (const part of parts.filter(isObject)) {
    const name = String(part.get('name'));
    if (!part.has('filename')) form.set(name, String(part.get('value')));
    else {
      const bytes = bytesLike(String(part.get('sha256')), Number(part.get('length')));
      form.set(name, new Blob([bytes], { type: String(part.get('contentType')) }), String(part.get('filename')));
    }
  }
  return form;
}
