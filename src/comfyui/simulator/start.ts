import { mkdir } from 'node:fs/promises';
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { WebSocketServer } from 'ws';
import { readCoreClasses } from './interfaces.js';
import type { SimulatedClass } from './node-class.js';
import { readPacks } from './packs.js';
import { type Quirks, withQuirks } from './quirks.js';
import type { Asked, Reply } from './reply.js';
import { answer } from './routes.js';
import { type Simulation, statusData } from './simulation.js';
import { welcome } from './sockets.js';

export interface SimulatorOptions {
  /** Folder with `models/`, `input/`, `output/`, `custom_nodes/`; what is missing is made. */
  readonly base: string;
  /** A free one where not given. Listens on 127.0.0.1 only. */
  readonly port?: number;
  /** Further classes, for tests. */
  readonly classes?: readonly SimulatedClass[];
  /** What makes it less than an ideal server. */
  readonly quirks?: Quirks;
  /** Which of several outputs comes first; a real server leaves that to chance. */
  readonly orderOutputs?: (outputs: readonly string[]) => readonly string[];
}

export interface Simulator {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts a simulated ComfyUI 0.8.0 for the demo and for tests: the same HTTP and websocket protocol, the same folders on disk, but
 * a sampler that paints deterministic patterns. It says of itself that it is simulated. Packs are read now, models when a node loads them.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const base = resolve(options.base);
  for (const folder of ['models', 'input', 'output', 'temp', 'custom_nodes'])
    await mkdir(join(base, folder), { recursive: true });
  const { quirks = {} } = options;
  const classes = [...(await readCoreClasses()), ...(await readPacks(base)), ...(options.classes ?? [])];
  const simulation: Simulation = {
    base,
    classes: new Map(classes.map((found) => [found.name, withQuirks(found, quirks)])),
    sockets: new Map(),
    cache: new Map(),
    history: new Map(),
    pending: [],
    running: undefined,
    interrupt: new AbortController(),
    hashes: new Map(),
    nextNumber: 0,
    freeWanted: false,
    quirks,
    orderOutputs: options.orderOutputs ?? ((outputs) => outputs),
  };
  let drops = quirks.drops ?? 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/history/') === true && drops-- > 0) return dropAll(simulation, response);
    serve(simulation, request, response).catch(() => response.destroy());
  });
  acceptSockets(server, simulation);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server, simulation) };
}

/** The network breaks: this answer and every websocket. */
function dropAll({ sockets }: Simulation, response: ServerResponse): void {
  for (const { socket } of sockets.values()) socket.terminate();
  response.destroy();
}

function acceptSockets(server: HttpServer, simulation: Simulation): void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^(?:\/api)?\/ws$/.test(pathname)) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (accepted) =>
      welcome(simulation.sockets, accepted, searchParams.get('clientId'), statusData(simulation)),
    );
  });
}

async function serve(simulation: Simulation, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = request.headers as Asked['headers'];
  const asked: Asked = { path: pathname, query: searchParams, headers, body: Buffer.concat(chunks) };
  const reply = await answer(simulation, request.method ?? 'GET', asked);
  write(response, reply);
}

function write(response: ServerResponse, { status, type, body, headers }: Reply): void {
  const known = type === undefined ? {} : { 'Content-Type': type };
  // The length comes last: node recodes a Content-Disposition that comes after it.
  response.writeHead(status, { ...known, ...headers, 'Content-Length': body?.length ?? 0 });
  response.end(body);
}

async function close(server: HttpServer, simulation: Simulation): Promise<void> {
  simulation.pending.length = 0;
  simulation.interrupt.abort();
  for (const { socket } of simulation.sockets.values()) socket.terminate();
  server.closeAllConnections();
  await new Promise<void>((done) => server.close(() => done()));
}
