import type { IncomingHttpHeaders } from 'node:http';
import { type ComfyError, InputError, ServerError } from '../errors.js';

export interface Answered {
  /** It has nothing from that byte on: ask for all of it. */
  readonly again: boolean;
  /** The byte with which the body starts. */
  readonly from: number;
  /** Bytes of the whole file, where it says so. */
  readonly total: number | undefined;
}

export interface Asked {
  /** The first byte that was asked for. */
  readonly have: number;
  /** What the file should have, where it is known. */
  readonly size: number | undefined;
  readonly url: URL;
}

/**
 * What a source's answer to a request for the rest of a file means.
 * Source: RFC 9110, sections 14 (range requests) and 15 (status codes).
 * @throws InputError `source-gone`, `source-forbidden`, `source-other-size`; ServerError `source-busy`
 */
export function answerOf(
  { status, headers }: { readonly status: number; readonly headers: IncomingHttpHeaders },
  { have, size, url }: Asked,
): Answered {
  if (status === 416 && have > 0) return { again: true, from: 0, total: undefined };
  if (status !== 200 && status !== 206) throw refusal(status, url);
  if (/^text\/html\b/i.test(headers['content-type'] ?? '')) throw webPage(url);
  const from = status === 206 ? rangeStart(headers) : 0;
  if (from !== 0 && from !== have) return { again: true, from: 0, total: undefined };
  const length = /^\d{1,15}$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : undefined;
  const total = length === undefined ? size : from + length;
  if (size === undefined || total === size) return { again: false, from, total };
  throw new InputError(
    'source-other-size',
    `${url.host} has a file of ${total} bytes there, and the one wanted has ${size}`,
    {
      hint: 'its file was replaced, or the lock is wrong',
    },
  );
}

/** `bytes 100-199/200` */
function rangeStart(headers: IncomingHttpHeaders): number {
  const start = /^bytes (\d{1,15})-/.exec(headers['content-range'] ?? '')?.[1];
  return start === undefined ? -1 : Number(start);
}

/** What a site shows to people who have not signed in comes with status 200, too. */
const webPage = ({ host }: URL) =>
  new InputError('source-forbidden', `${host} sends a web page and not the file`, { hint: signIn(host) });

const signIn = (host: string) =>
  `accept its terms there, then set HF_TOKEN or CIVITAI_API_TOKEN, or: git config comfy.${host}.token <token>`;

function refusal(status: number, { host }: URL): ComfyError {
  if (status === 401 || status === 403) {
    return new InputError('source-forbidden', `${host} wants to know who asks (HTTP ${status})`, {
      hint: signIn(host),
    });
  }
  if (status === 404 || status === 410) {
    return new InputError('source-gone', `${host} does not have that file (any more) (HTTP ${status})`);
  }
  return new ServerError('source-busy', `${host} does not send it now (HTTP ${status})`, { hint: 'try again later' });
}
