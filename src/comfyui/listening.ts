import { connect } from 'node:net';

/**
 * Whether a port of this machine refuses connections: told in a millisecond, where loading all that speaks HTTP takes thirty. Most commands
 * look for a server, and most often none runs. `false` for other machines, and where only asking tells.
 */
export async function nobodyListens(address: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(address);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return false;
  const usual = protocol === 'https:' ? 443 : 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/[[\]]/g, ''), port: port === '' ? usual : Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
