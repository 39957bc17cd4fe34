import { ServerError } from '../errors.js';
import { fetchOutput } from './requests.js';
import type { OutputFile, Server } from './server.js';

/**
 * A file in one of the server's folders, by its name below that folder; `undefined` where it is gone, or where the server does not accept the name.
 * @throws ServerError of the connection; Interrupted
 */
export async function serverFile(
  server: Server,
  name: string,
  type: OutputFile['type'],
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const slash = name.lastIndexOf('/');
  const place = { filename: name.slice(slash + 1), subfolder: name.slice(0, Math.max(0, slash)), type };
  try {
    return await fetchOutput(server, { ...place, node: '', key: '', index: 0 }, { signal });
  } catch (error) {
    if (error instanceof ServerError && ['output-gone', 'server-refused'].includes(error.code)) return undefined;
    throw error;
  }
}
