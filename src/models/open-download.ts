import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { InputError, Interrupted, ServerError } from '../errors.js';
import { isPrivateAddress } from './private-address.js';
import { publicLookup } from './public-lookup.js';
import { isConfigured, type SourceRules, sourceRefusal } from './source-rules.js';
import type { TokenFor } from './source-token.js';

export interface DownloadOptions {
  readonly rules: SourceRules;
  readonly tokenFor: TokenFor;
  readonly signal: AbortSignal;
  /** The first byte that is wanted. */
  readonly start: number;
}

/** What a source sends; whoever takes it reads or destroys the body. */
export interface Download {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: IncomingMessage;
}

const mostRedirects = 5;
/** A source that says nothing for so long is taken for gone; milliseconds. */
const patience = 60_000;

/**
 * Asks a source for a file, from a byte on. Every address on the way is checked: against the rules, and once its name is resolved,
 * so that no name leads to this machine or its network. A token goes to its own host only.
 * @throws InputError `source-refused`; ServerError `source-unreachable`; Interrupted
 */
export async function openDownload(first: URL, options: DownloadOptions): Promise<Download> {
  let url = first;
  for (let turn = 0; turn <= mostRedirects; turn++) {
    refuse(url, options.rules, turn === 0 ? undefined : first);
    const body = await ask(url, options);
    const next = redirectOf(body, url);
    if (next === undefined) return { status: body.statusCode ?? 0, headers: body.headers, body };
    body.destroy();
    url = next;
  }
  throw new ServerError('source-unreachable', `${first.host} redirects without end`);
}

function refuse(url: URL, rules: SourceRules, from: URL | undefined): void {
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  const hidden = isIP(bare) !== 0 && isPrivateAddress(bare) && !isConfigured(url, rules);
  const why = sourceRefusal(url, rules, from) ?? (hidden ? `${bare} is a private address` : undefined);
  if (why === undefined) return;
  const what = from === undefined ? `${url.protocol}//${url.host}` : from.host;
  throw new InputError('source-refused', `nothing is fetched from ${what}: ${why}`, {
    hint: `if you trust it: git config --add comfy.source ${url.origin}`,
  });
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, base: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined;
  return URL.canParse(location, base.href) ? new URL(location, base) : undefined;
}

function ask(url: URL, { rules, tokenFor, signal, start }: DownloadOptions): Promise<IncomingMessage> {
  const token = tokenFor(url.host);
  const headers = {
    'user-agent': 'git-comfy',
    'accept-encoding': 'identity',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(start === 0 ? {} : { range: `bytes=${start}-` }),
  };
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const checked = isConfigured(url, rules) ? {} : { lookup: publicLookup };
  return new Promise((resolve, reject) => {
    const sent = open(url, { headers, signal, agent: false, timeout: patience, ...checked });
    sent.once('timeout', () => sent.destroy(new Error('it says nothing')));
    sent.once('response', resolve);
    sent.once('error', (error) => reject(signal.aborted ? new Interrupted() : unreachable(url, error)));
    sent.end();
  });
}

const unreachable = (url: URL, error: Error) =>
  new ServerError('source-unreachable', `${url.host} cannot be reached (${error.message})`, {
    cause: error,
    hint: 'what came so far is kept: run it again later',
  });
