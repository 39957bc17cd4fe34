import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSocket } from '../../src/comfyui/socket.js';
import { closedPort } from '../support/simulated.js';

interface Visitor {
  readonly socket: WebSocket;
  readonly clientId: string | null;
  readonly origin: string | undefined;
}

/** A websocket server whose visitors the test can throw out. */
async function listening() {
  const visitors: Visitor[] = [];
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, path: '/ws' });
  sockets.on('connection', (socket, request) => {
    const clientId = new URL(request.url ?? '', 'http://localhost').searchParams.get('clientId');
    visitors.push({ socket, clientId, origin: request.headers.origin });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const { socket } of visitors) socket.terminate();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, visitors };
}

const silent = { onMessage: () => {}, onGap: () => {} };

test('a broken connection is told, and made again under another client id', async () => {
  const { url, visitors } = await listening();
  let gaps = 0;
  const socket = openSocket({ url }, { onMessage: () => {}, onGap: () => gaps++ });
  onTestFinished(socket.close);
  await expect.poll(() => visitors.length).toBe(1);
  expect(visitors[0]).toMatchObject({ clientId: socket.clientId, origin: undefined });
  visitors[0]?.socket.terminate();
  await expect.poll(() => visitors.length, { timeout: 5000 }).toBe(2);
  expect(visitors[1]?.clientId).not.toBe(socket.clientId);
  expect(gaps).toBe(1);
});

test('messages come through with every digit; what is no message is passed over', async () => {
  const { url, visitors } = await listening();
  const seen: unknown[] = [];
  const socket = openSocket({ url }, { ...silent, onMessage: ({ type, data }) => seen.push([type, data.get('seed')]) });
  onTestFinished(socket.close);
  await expect.poll(() => visitors.length).toBe(1);
  const send = (text: string | Buffer) => visitors[0]?.socket.send(text);
  send('hello');
  send('[1]');
  send('{"type": 5, "data": {}}');
  send('{"type": "x", "data": null}');
  send(Buffer.from([0, 0, 0, 1]));
  send('{"type": "x", "data": {"seed": 18446744073709551615, "nan": NaN}}');
  await expect.poll(() => seen).toEqual([['x', { lexeme: '18446744073709551615' }]]);
});

test('where nothing listens, nobody waits for ever', async () => {
  const socket = openSocket({ url: await closedPort() }, silent);
  onTestFinished(socket.close);
  await socket.ready;
});
