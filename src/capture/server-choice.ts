import { findServer } from '../comfyui/find-server.js';
import type { Server } from '../comfyui/server.js';
import { serverAt, serverName } from '../comfyui/server-address.js';
import { serverIdentity } from '../comfyui/server-identity.js';
import { Interrupted, limited, ServerError } from '../errors.js';
import { getConfigAll, getGlobalConfigAll } from '../git/config.js';
import type { Repository } from '../git/repository.js';

export interface ServerWish {
  /** `--server` of the command line. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** ComfyUI's own port, then the one of the Desktop app. */
const usualAddresses: readonly string[] = ['http://127.0.0.1:8188', 'http://127.0.0.1:8000'];

/**
 * The server to talk to: the one named by the flag, else by GIT_COMFY_SERVER, else the first of git config `comfy.server` that answers, else
 * this machine's usual ports. Nothing in a repository's tree can choose one: a clone must not send prompts elsewhere.
 * @throws ServerError `no-server`, `not-comfyui`, `server-address`
 */
export async function serverFor(repository: Repository | undefined, wish: ServerWish): Promise<Server> {
  return findServer(await candidates(repository, wish), wish.signal);
}

/**
 * The servers to follow: all that are named by flags, else by GIT_COMFY_SERVER, else by git config `comfy.server`; one that is away counts
 * too. Where none is named, the one at this machine's usual ports.
 * @throws ServerError `no-server` where none is named and none is there; `not-comfyui`, `server-address`
 */
export async function serversFor(
  repository: Repository,
  { flags, env, signal }: Pick<ServerWish, 'env' | 'signal'> & { readonly flags: readonly string[] },
): Promise<Server[]> {
  const named = flags.length > 0 ? flags : await candidates(repository, { env, signal });
  if (named === usualAddresses) return [await findServer(named, signal)];
  const servers = new Map<string, Server>();
  for (const server of named.map(serverAt)) {
    const identity = await serverIdentity(server);
    if (!servers.has(identity)) servers.set(identity, server);
  }
  await Promise.all(named.map((address) => refuseOthers(address, signal)));
  return [...servers.values()];
}

/** A server that is left out, and why. */
export interface AwayServer {
  readonly name: string;
  readonly reason: string;
}

/** A server that takes longer for its own state is no help to others; milliseconds. */
const patience = 15_000;

/**
 * The servers to share work among: of all that are named as in `serversFor` those that answer now, asked side by side.
 * @throws ServerError where none does, as `serverFor` where there is only one
 */
export async function presentServers(
  repository: Repository,
  { flags, env, signal }: Pick<ServerWish, 'env' | 'signal'> & { readonly flags: readonly string[] },
): Promise<{ readonly servers: readonly Server[]; readonly away: readonly AwayServer[] }> {
  const named = flags.length > 0 ? flags : await candidates(repository, { env, signal });
  const wanted = [...new Map(named.map(serverAt).map((server) => [server.url, server])).values()];
  if (named === usualAddresses || wanted.length === 1) {
    return { servers: [await findServer(named, signal)], away: [] };
  }
  const asked = await Promise.all(wanted.map((server) => answers(server, signal)));
  const servers = wanted.filter((_, index) => asked[index] === undefined);
  const [first] = asked.filter((error) => error !== undefined);
  if (servers.length === 0 && first !== undefined) throw first;
  const away = wanted.flatMap((server, index) => {
    const reason = asked[index]?.message;
    return reason === undefined ? [] : [{ name: serverName(server), reason }];
  });
  return { servers, away };
}

/** Why it does not; `undefined` where it does. @throws ServerError `not-comfyui`; Interrupted */
async function answers(server: Server, signal: AbortSignal): Promise<ServerError | undefined> {
  try {
    await findServer([server.url], limited(signal, patience));
    return undefined;
  } catch (error) {
    if (error instanceof Interrupted && !signal.aborted) return tooSlow(server);
    if (error instanceof ServerError && error.code !== 'not-comfyui') return error;
    throw error;
  }
}

const tooSlow = (server: Server) =>
  new ServerError('server-timeout', `${serverName(server)} did not answer within ${patience / 1000} s`, {
    hint: 'look at the window or the log of ComfyUI, then run it again',
  });

/** Something else than ComfyUI at an address that was named is a slip; waiting would not help. */
async function refuseOthers(address: string, signal: AbortSignal): Promise<void> {
  try {
    await findServer([address], signal);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code === 'not-comfyui') throw error;
  }
}

async function candidates(repository: Repository | undefined, { flag, env }: ServerWish): Promise<readonly string[]> {
  const named = flag ?? env['GIT_COMFY_SERVER'];
  if (named !== undefined && named !== '') return [named];
  const key = 'comfy.server';
  const configured = await (repository === undefined ? getGlobalConfigAll(key) : getConfigAll(repository, key));
  return configured.length > 0 ? configured : usualAddresses;
}
