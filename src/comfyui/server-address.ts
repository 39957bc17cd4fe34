import { ServerError } from '../errors.js';
import type { Server } from './server.js';

/**
 * The server that an address names: `http://host:port`, `https://host/path`, or `host:port` alone.
 * Credentials in it become a header, so that the address can be shown.
 * @throws ServerError `server-address`
 */
export function serverAt(address: string): Server {
  const typed = address.trim();
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`);
  if (url === undefined || /^[/\\.]/.test(typed) || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ServerError('server-address', `"${withoutCredentials(typed)}" is no address of a server`, {
      hint: 'an address looks like http://127.0.0.1:8188',
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  const plain: Server = { url: `${url.protocol}//${url.host}${path}` };
  if (url.username === '' && url.password === '') return plain;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { ...plain, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** `host:port` for records and talk. */
export function serverName(server: Server): string {
  return server.url.replace(/^https?:\/\//, '');
}

const withoutCredentials = (text: string) => text.replace(/\/\/[^/@]*@/, '//');

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
