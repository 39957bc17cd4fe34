import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { isObject, type Json, type JsonObject, tryParseJson } from '../../workflow/json.js';
import { dumps } from './python.js';

interface Client {
  readonly socket: WebSocket;
  /** It announced `supports_preview_metadata`: type 4 frames take the place of type 1. */
  metadata: boolean;
}

/** Who listens, by client id. */
export type Sockets = Map<string, Client>;

/** What the server says it can do. */
export const features: JsonObject = new Map<string, Json>([
  ['supports_preview_metadata', true],
  ['max_upload_size', 104857600],
  ['extension', new Map([['manager', new Map([['supports_v4', true]])]])],
]);

/** A client comes: it is told its id and the state of the queue. An id that is taken goes over to the newcomer. */
export function welcome(sockets: Sockets, socket: WebSocket, wanted: string | null, status: JsonObject): void {
  const sid = wanted === null || wanted === '' ? randomUUID().replaceAll('-', '') : wanted;
  const client: Client = { socket, metadata: false };
  sockets.set(sid, client);
  let first = true;
  socket.on('message', (data, binary) => {
    // Only the very first message may announce features.
    if (!binary && first) handshake(client, String(data));
    first = false;
  });
  // As in ComfyUI: the older connection of an id takes the id with it when it goes.
  socket.on('close', () => sockets.delete(sid));
  socket.on('error', () => {});
  socket.send(message('status', new Map([...status, ['sid', sid]])));
}

function handshake(client: Client, text: string): void {
  const said = tryParseJson(text);
  if (!isObject(said) || said.get('type') !== 'feature_flags') return;
  const flags = said.get('data');
  client.metadata = isObject(flags) && flags.get('supports_preview_metadata') === true;
  client.socket.send(message('feature_flags', features));
}

/** To one client, or to all where no client is named. */
export function send(sockets: Sockets, sid: string | undefined, type: string, data: JsonObject): void {
  for (const { socket } of receivers(sockets, sid)) socket.send(message(type, data));
}

/** A picture on its way, frame type 4: to clients that announced `supports_preview_metadata`. */
export function sendPreview(sockets: Sockets, sid: string | undefined, jpeg: Buffer, about: JsonObject): void {
  const text = Buffer.from(dumps(about));
  for (const { socket, metadata } of receivers(sockets, sid)) {
    if (metadata) socket.send(Buffer.concat([uint32(4), uint32(text.length), text, jpeg]));
  }
}

/** The same, frame type 1: to the other clients, after `progress`. */
export function sendPlainPreview(sockets: Sockets, sid: string | undefined, jpeg: Buffer): void {
  for (const { socket, metadata } of receivers(sockets, sid)) {
    if (!metadata) socket.send(Buffer.concat([uint32(1), uint32(1), jpeg]));
  }
}

/** Text frame, type 3: broadcast. */
export function sendText(sockets: Sockets, nodeId: string, text: string): void {
  const id = Buffer.from(nodeId);
  for (const { socket } of sockets.values()) {
    socket.send(Buffer.concat([uint32(3), uint32(id.length), id, Buffer.from(text)]));
  }
}

function receivers(sockets: Sockets, sid: string | undefined): Client[] {
  if (sid === undefined) return [...sockets.values()];
  const client = sockets.get(sid);
  return client === undefined ? [] : [client];
}

const message = (type: string, data: JsonObject) =>
  dumps(
    new Map<string, Json>([
      ['type', type],
      ['data', data],
    ]),
  );

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
