import { Interrupted, ServerError } from '../errors.js';
import type { Server } from './server.js';
import { serverName } from './server-address.js';

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: string;
  readonly form?: FormData;
  readonly signal?: AbortSignal;
  /** A longer answer is refused; 64 MiB where not given. */
  readonly maxBytes?: number;
  /** Milliseconds until the whole answer must be there; one minute where not given. */
  readonly timeout?: number;
}

export interface Reply {
  readonly status: number;
  /** Content type without parameters, lower case. */
  readonly type: string;
  readonly bytes: Buffer;
}

const defaultMaxBytes = 64 * 1024 * 1024;
const defaultTimeout = 60_000;

/**
 * One HTTP exchange with a server, every status included. Sends no `Origin`: ComfyUI refuses foreign ones.
 * Redirects are not followed, so a server cannot send us elsewhere.
 * @throws ServerError `no-server`, `server-timeout`, `answer-too-large`; Interrupted when the signal fires
 */
export async function exchange(server: Server, path: string, request: Request = {}): Promise<Reply> {
  const timeout = request.timeout ?? defaultTimeout;
  const late = AbortSignal.timeout(timeout);
  const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal]);
  try {
    const response = await fetch(addressOf(server, path, request.query), init(server, request, signal));
    const bytes = await readBody(server, response, request.maxBytes ?? defaultMaxBytes);
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    return { status: response.status, type: type.trim().toLowerCase(), bytes };
  } catch (error) {
    if (error instanceof ServerError) throw error;
    if (request.signal?.aborted === true) throw new Interrupted();
    throw late.aborted ? timedOut(server, timeout) : unreachable(server, error);
  }
}

function init(server: Server, request: Request, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = {};
  if (server.authorization !== undefined) headers['Authorization'] = server.authorization;
  if (request.json !== undefined) headers['Content-Type'] = 'application/json';
  const body = request.json ?? request.form;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  return { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) };
}

function addressOf(server: Server, path: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${server.url}${path}${search === '' ? '' : `?${search}`}`;
}

async function readBody(server: Server, response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted as it comes: a server may announce no length, or a wrong one.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(server, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (server: Server, maxBytes: number) =>
  new ServerError('answer-too-large', `${serverName(server)} answered with more than ${maxBytes} bytes`, {
    hint: 'is this a ComfyUI server? name another one with --server',
  });

const timedOut = (server: Server, timeout: number) =>
  new ServerError('server-timeout', `${serverName(server)} did not answer within ${Math.round(timeout / 1000)} s`, {
    hint: 'look at the window or the log of ComfyUI, then run it again',
  });

/** What is thrown where no connection comes about; `error.cause.code` says why. */
export function unreachable(server: Server, error: unknown): ServerError {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const why = reasons[cause?.code ?? ''] ?? cause?.code ?? cause?.message ?? 'no connection';
  return new ServerError('no-server', `no ComfyUI server at ${server.url} (${why})`, {
    hint: 'start ComfyUI, or name its address: --server http://host:port',
    cause: error,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'names of hosts cannot be looked up: is there a network?',
  ENETUNREACH: 'there is no network to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; NODE_EXTRA_CA_CERTS can name it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by itself; NODE_EXTRA_CA_CERTS can name it',
};
