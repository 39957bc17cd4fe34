import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces } from 'node:os';
import type { Server } from './server.js';

/**
 * One name for all addresses of one server: `localhost`, `127.0.0.1`, `[::1]`, an address or the name of this machine are the same, and so are a name and
 * the address that it stands for. A name that nobody knows now stays as it was typed.
 */
export async function serverIdentity({ url }: Server): Promise<string> {
  const { hostname: host, port, protocol, pathname } = new URL(url);
  const usual = protocol === 'https:' ? '443' : '80';
  return `${await machineOf(host.replace(/[[\]]/g, ''))}:${port === '' ? usual : port}${pathname.replace(/\/+$/, '')}`;
}

async function machineOf(host: string): Promise<string> {
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address).sort();
  // Several machines may share the folder of a repository, and each has a localhost of its own.
  return addresses.some(isHere) ? hostname() : (addresses[0] ?? host);
}

/** `0.0.0.0` is what ComfyUI itself says where it listens everywhere. */
const isHere = (address: string): boolean =>
  /^127\.|^(?:::1|::|0\.0\.0\.0)$/.test(address) ||
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
