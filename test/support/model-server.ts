// A server that hands out files as Hugging Face does: ranges, redirects, tokens; and whatever a test wants to go wrong.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ModelServer {
  readonly url: string;
  /** Requests so far, in order. */
  readonly asked: { readonly path: string; readonly range: string | undefined; readonly token: string | undefined }[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, turn: number) => boolean | undefined;

/**
 * @param files by path
 * @param special answers first; `true` says that it did
 */
export async function modelServer(
  files: Readonly<Record<string, Buffer>>,
  special: Answer = () => false,
): Promise<ModelServer> {
  const asked: ModelServer['asked'] = [];
  const server = createServer((request, response) => {
    const { authorization: token, range } = request.headers;
    asked.push({ path: request.url ?? '', range, token });
    if (special(request, response, asked.length) === true) return;
    const bytes = files[request.url ?? ''];
    if (bytes === undefined) response.writeHead(404).end();
    else sendRange(response, bytes, range);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function sendRange(response: ServerResponse, bytes: Buffer, range: string | undefined): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (range === undefined) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  } else if (from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  } else {
    const rest = bytes.subarray(from);
    const where = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-length': rest.length, 'content-range': where }).end(rest);
  }
}
