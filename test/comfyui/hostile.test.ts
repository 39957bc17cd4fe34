import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { findServer } from '../../src/comfyui/find-server.js';
import { exchange } from '../../src/comfyui/http.js';
import { outputFiles } from '../../src/comfyui/output-files.js';
import { systemStats } from '../../src/comfyui/requests.js';
import { runPrompt } from '../../src/comfyui/run-prompt.js';
import { fromPlain, writeJson } from '../../src/workflow/json.js';
import { closedPort, handMade, plainPrompt } from '../support/simulated.js';

const never = new AbortController().signal;

const answering = (type: string, body: string, status = 200) =>
  handMade((_request, response) => reply(response, type, body, status));

function reply(response: ServerResponse, type: string, body: string, status = 200) {
  response.writeHead(status, { 'Content-Type': type });
  response.end(body);
}

test('nobody listens', async () => {
  const url = await closedPort();
  await expect(findServer([url], never)).rejects.toMatchObject({
    code: 'no-server',
    message: `no ComfyUI server at ${url} (nothing listens there)`,
    hint: expect.stringContaining('--server'),
  });
});

test('of several addresses all are named when none answers', async () => {
  const addresses = [await closedPort(), await closedPort()];
  await expect(findServer(addresses, never)).rejects.toMatchObject({
    code: 'no-server',
    message: `no ComfyUI server answers at ${addresses.join(' and ')}`,
  });
});

test('a web page is no ComfyUI', async () => {
  const url = await answering('text/html', '<html>router login</html>');
  await expect(findServer([url], never)).rejects.toMatchObject({
    code: 'not-comfyui',
    message: `${url}/system_stats answered with a web page: is this a ComfyUI server?`,
  });
});

test.each([
  ['another program’s JSON', '{"hello": "world"}'],
  ['a list', '[1, 2]'],
  ['half of something', '{"system": '],
  ['a bottomless pit', '['.repeat(100_000)],
])('JSON that is none of ours: %s', async (_name, body) => {
  const url = await answering('application/json', body);
  await expect(findServer([url], never)).rejects.toMatchObject({ code: 'not-comfyui' });
});

test('a server that has no /system_stats is none of ComfyUI', async () => {
  const url = await handMade((_request, response) => {
    response.writeHead(404).end();
  });
  await expect(findServer([url], never)).rejects.toMatchObject({ code: 'not-comfyui' });
});

test('an endless answer is cut off', async () => {
  const url = await handMade((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const pour = () => {
      while (response.write('x'.repeat(65536)));
    };
    response.on('drain', pour);
    pour();
  });
  await expect(exchange({ url }, '/system_stats', { maxBytes: 1024 * 1024 })).rejects.toMatchObject({
    code: 'answer-too-large',
  });
});

test('a connection that breaks in the middle is told', async () => {
  const url = await handMade((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
    response.write('{');
    response.socket?.destroy();
  });
  await expect(systemStats({ url })).rejects.toMatchObject({ code: 'no-server' });
});

test('a server that never answers is given up', async () => {
  const url = await handMade(() => {});
  await expect(exchange({ url }, '/system_stats', { timeout: 50 })).rejects.toMatchObject({ code: 'server-timeout' });
});

test('a redirect is not followed', async () => {
  let followed = false;
  const url = await handMade((request, response) => {
    if (request.url === '/elsewhere') followed = true;
    response.writeHead(302, { Location: '/elsewhere' });
    response.end();
  });
  await expect(systemStats({ url })).rejects.toMatchObject({ code: 'server-refused' });
  expect(followed).toBe(false);
});

test('our requests name no origin', async () => {
  const origins: (string | undefined)[] = [];
  const url = await handMade((request, response) => {
    origins.push(request.headers.origin);
    reply(response, 'application/json', '{"system": {}}');
  });
  await systemStats({ url });
  expect(origins).toEqual([undefined]);
});

/** A server that takes a prompt and then tells this of it. */
function telling(history: (id: string) => unknown, queue: unknown = { queue_running: [], queue_pending: [] }) {
  let id = '';
  return handMade((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'POST' && request.url === '/prompt') {
        id = JSON.parse(Buffer.concat(chunks).toString()).prompt_id;
        return reply(response, 'application/json', JSON.stringify({ prompt_id: id, number: 1, node_errors: {} }));
      }
      const body = request.url?.startsWith('/history') === true ? history(id) : queue;
      return reply(response, 'application/json', JSON.stringify(body));
    });
  });
}

const entry = (id: string, outputs: unknown) => ({
  [id]: {
    prompt: [1, id, {}, { client_id: 'c' }, []],
    outputs,
    status: {
      messages: [
        ['execution_start', { timestamp: 5 }],
        ['execution_success', { timestamp: 9 }],
      ],
    },
  },
});

test('a server without a websocket will do: the history says when it is over', async () => {
  const url = await telling((id) => entry(id, {}));
  const run = await runPrompt({ url }, { prompt: plainPrompt() }, { signal: never, pollEvery: 5 });
  expect(run).toMatchObject({ duration: 4, outputs: [] });
  expect(run.executed).toBeUndefined();
});

test('a run that the server forgot is told as lost', async () => {
  const url = await telling(() => ({}));
  await expect(runPrompt({ url }, { prompt: plainPrompt() }, { signal: never, pollEvery: 5 })).rejects.toMatchObject({
    code: 'run-lost',
  });
});

test('a server that goes away in mid-run is waited for, but not for ever', async () => {
  let asked = 0;
  const url = await handMade((request, response) => {
    if (request.method === 'POST') return reply(response, 'application/json', '{"prompt_id": "a", "node_errors": {}}');
    asked++;
    return void response.socket?.destroy();
  });
  await expect(runPrompt({ url }, { prompt: plainPrompt() }, { signal: never, pollEvery: 1 })).rejects.toMatchObject({
    code: 'server-gone',
  });
  expect(asked).toBeGreaterThan(5);
});

test.each([
  ['..', '', 'x'],
  ['a/b.png', '', 'x'],
  ['x.png', '../..', 'x'],
  ['x.png', '/etc', 'x'],
  ['x.png', 'C:\\Windows', 'x'],
  ['x.png', 'a\\..\\..', 'x'],
  ['x\0.png', '', 'x'],
])('an output named to escape its folder ends the run: %j in %j', async (filename, subfolder) => {
  const url = await telling((id) => entry(id, { '9': { images: [{ filename, subfolder, type: 'output' }] } }));
  await expect(runPrompt({ url }, { prompt: plainPrompt() }, { signal: never, pollEvery: 5 })).rejects.toMatchObject({
    code: 'bad-answer',
  });
});

test('what names no file is no output: texts, flags, numbers, unknown folders', () => {
  const ui = {
    '1': { text: ['a'], animated: [true], lab: [1, null, { a: 1 }], images: [{ filename: 'x.png', type: 'secret' }] },
    '2': { gifs: [{ filename: 'v.mp4', subfolder: 'a\\b', type: 'output' }], odd: 'text' },
    '3': null,
  };
  expect(outputFiles(fromPlain(ui))).toEqual([
    { node: '2', key: 'gifs', index: 0, filename: 'v.mp4', subfolder: 'a/b', type: 'output' },
  ]);
});

test('a history without an end, without a prompt or without times is no history', async () => {
  for (const broken of [{}, { status: { messages: [['execution_success', {}]] } }, { prompt: 5, status: 'x' }]) {
    const url = await telling((id) => ({ [id]: broken }));
    const run = runPrompt({ url }, { prompt: plainPrompt() }, { signal: never, pollEvery: 5 });
    await expect(run).rejects.toMatchObject({ code: 'bad-answer' });
  }
});

test('an error page for /prompt is told with its status', async () => {
  const url = await answering('text/plain', '500 Internal Server Error\n\nServer got itself in trouble', 500);
  await expect(runPrompt({ url }, { prompt: plainPrompt() }, { signal: never })).rejects.toMatchObject({
    code: 'server-refused',
    message: expect.stringContaining('status 500: 500 Internal Server Error'),
  });
});

test('a refusal without a reason, and one of a megabyte, stay readable', async () => {
  const long = { error: { type: 'x', message: 'm'.repeat(1e6), details: '' }, node_errors: 'no object' };
  for (const body of ['{}', writeJson(fromPlain(long))]) {
    const url = await answering('application/json', body, 400);
    const refused = await runPrompt({ url }, { prompt: plainPrompt() }, { signal: never }).catch(
      (error: Error) => error,
    );
    expect(refused).toMatchObject({ code: 'prompt-refused' });
    expect((refused as Error).message.length).toBeLessThan(800);
  }
});
