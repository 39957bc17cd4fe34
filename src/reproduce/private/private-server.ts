import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemStats } from '../../comfyui/requests.js';
import type { Server } from '../../comfyui/server.js';
import { type StartedProcess, startProcess } from '../../comfyui/start-process.js';
import { ComfyError, checkInterrupted, InputError, ServerError } from '../../errors.js';
import { readIfThere } from '../../files/read.js';
import type { Environment } from '../../lineage/state.js';
import { knows, privateArguments } from './private-arguments.js';
import { checkPacksLoaded, notStarted } from './startup-trouble.js';

export interface PrivateStart {
  /** ComfyUI's code. */
  readonly root: string;
  /** Everything that it writes goes below it. */
  readonly base: string;
  readonly python: string;
  /** Python keeps its compiled files there instead of beside the code. */
  readonly pycache: string;
  /** Of the recorded run: the arguments and threads that decide how a picture is computed. */
  readonly recorded: Environment;
  /** Names of the packs that have to load. */
  readonly packs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly node: string;
  readonly signal: AbortSignal;
}

export interface PrivateServer {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** Many packs and a slow disk take minutes. */
const startTakes = 600_000;

/**
 * Starts ComfyUI on a port and in folders of its own.
 * @throws InputError `comfyui-too-old`, `missing-requirement`, `pack-failed`; ServerError `private-server`; Interrupted
 */
export async function startPrivateServer(start: PrivateStart): Promise<PrivateServer> {
  const { root, base, python, node } = start;
  const port = await freePort();
  const log = join(base, 'server.log');
  const args = ['main.py', ...(await argumentsOf(start, port))];
  const running = await startProcess({ program: python, args, cwd: root, env: environmentOf(start), log, node });
  const server = { url: `http://127.0.0.1:${port}` };
  try {
    await untilItAnswers(server, running, start, log);
    checkPacksLoaded(await readFile(log, 'utf8'), start.packs, python);
    return { server, stop: running.stop };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function argumentsOf({ root, base, recorded }: PrivateStart, port: number): Promise<string[]> {
  const source = String((await readIfThere(join(root, 'comfy/cli_args.py'))) ?? '');
  if (!knows(source, '--base-directory')) {
    throw new InputError(
      'comfyui-too-old',
      'ComfyUI at this commit knows no folder of its own to run in (--base-directory)',
      {
        hint: 'reproduce it on your own ComfyUI: git comfy reproduce without --packs',
      },
    );
  }
  const ours: readonly (readonly [string, string])[] = [
    ['--listen', '127.0.0.1'],
    ['--port', String(port)],
    ['--base-directory', base],
    ['--extra-model-paths-config', join(base, 'extra_model_paths.yaml')],
    ['--front-end-root', join(base, 'front')],
    ['--database-url', `sqlite:///${join(base, 'user', 'comfyui.db').replaceAll('\\', '/')}`],
  ];
  return [
    ...ours.filter(([option]) => knows(source, option)).flat(),
    ...privateArguments(recorded.arguments ?? [], source),
  ];
}

/** As many threads as then: on a processor they decide the last digits. Variables of git would lead packs to the user's repository. */
function environmentOf({ env, pycache, recorded }: PrivateStart): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !/^(?:GIT_|PYTHONPYCACHE|NODE_OPTIONS)/.test(name));
  const threads = recorded.flags?.['threads'];
  const counted = threads !== undefined && /^\d{1,4}$/.test(threads) ? threads : undefined;
  return {
    ...Object.fromEntries(kept),
    PYTHONPYCACHEPREFIX: pycache,
    PYTHONUNBUFFERED: '1',
    ...(counted === undefined ? {} : { OMP_NUM_THREADS: counted, MKL_NUM_THREADS: counted }),
  };
}

async function untilItAnswers(
  server: Server,
  running: StartedProcess,
  start: PrivateStart,
  log: string,
): Promise<void> {
  const late = Date.now() + startTakes;
  while (!running.hasEnded() && Date.now() < late) {
    checkInterrupted(start.signal);
    if (await answers(server, start.signal)) return;
    await Promise.race([running.ended, wait(200)]);
  }
  const text = String((await readIfThere(log)) ?? '');
  if (running.hasEnded()) throw notStarted(text, start.python, log);
  throw new ServerError('private-server', 'the private ComfyUI did not answer within ten minutes', {
    hint: `its log has the whole story: ${log}`,
  });
}

async function answers(server: Server, signal: AbortSignal): Promise<boolean> {
  try {
    await systemStats(server, { signal });
    return true;
  } catch (error) {
    checkInterrupted(signal);
    if (error instanceof ComfyError) return false;
    throw error;
  }
}

/** A port that nobody has now; should somebody take it first, the server ends and says so. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
