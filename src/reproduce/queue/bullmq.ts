import { InputError, ServerError } from '../../errors.js';

// The door to BullMQ and Redis: optional packages, loaded when somebody shares a queue.

/** Name of the queue in Redis. */
const queueName = 'git-comfy';
/** Files and finished jobs that nobody has taken are dropped after this; seconds. */
const keptFor = 24 * 60 * 60;
/** How often a job is begun again after a worker's server went away. */
const attempts = 5;
/** Before a job that is not for this worker is offered again; milliseconds. */
const offeredAgain = 1000;

type Packages = typeof import('bullmq') & Pick<typeof import('ioredis'), 'Redis'>;
type Redis = InstanceType<Packages['Redis']>;

/** @throws InputError `no-bullmq` */
async function load(): Promise<Packages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { ...bullmq, Redis };
  } catch (cause) {
    throw new InputError('no-bullmq', 'a shared queue needs the packages bullmq and ioredis, which are not installed', {
      hint: 'npm install --global bullmq ioredis, beside git-comfy',
      cause,
    });
  }
}

/** What is wrong is told by whoever waits; without a listener it would end the process. */
const ignored = () => {};

/** A connection that says at once when nobody is there, and is patient once somebody was. */
async function connect({ Redis }: Packages, url: string): Promise<Redis> {
  const place = addressOf(url);
  let connected = false;
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: 5000,
    retryStrategy: (times) => (connected ? Math.min(times * 500, 5000) : null),
  });
  redis.on('error', ignored);
  try {
    await redis.connect();
    connected = true;
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new ServerError('no-queue', `no Redis answers at ${place}: ${(cause as Error).message}`, {
      hint: 'start it (redis-server), or name another one: --queue redis://host:6379',
      cause,
    });
  }
}

/** Where a queue is, without user and password: safe to print. @throws InputError `queue-address` */
export function addressOf(url: string): string {
  const read = URL.canParse(url) ? new URL(url) : undefined;
  if (read !== undefined && /^rediss?:$/.test(read.protocol)) return read.host;
  throw new InputError('queue-address', 'that is no address of a queue', { hint: 'write --queue redis://host:6379' });
}

/** Bytes beside the jobs: inputs on the way there, outputs on the way back. */
export interface FileStore {
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>;
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly drop: (keys: readonly string[]) => Promise<void>;
}

const storeOf = (redis: Redis): FileStore => ({
  put: async (key, bytes) => void (await redis.set(`${queueName}:${key}`, Buffer.from(bytes), 'EX', keptFor)),
  get: async (key) => (await redis.getBuffer(`${queueName}:${key}`)) ?? undefined,
  drop: async (keys) => void (keys.length > 0 && (await redis.del(...keys.map((key) => `${queueName}:${key}`)))),
});

interface JobData {
  readonly text: string;
  /** Workers that cannot do it, and why. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** The side of whoever wants something done. */
export interface SharedQueue {
  readonly files: FileStore;
  readonly workers: () => Promise<number>;
  /**
   * Puts a job in, or finds it there, and waits for its result.
   * @param id the same wish has the same one: a job is never there twice
   * @throws ServerError `run-failed`
   */
  readonly submit: (id: string, text: string) => Promise<string>;
  /** Takes a job out that no worker has begun. */
  readonly withdraw: (id: string) => Promise<void>;
  /** Takes a job out whose result is safe. */
  readonly forget: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @throws InputError `no-bullmq`, `queue-address`; ServerError `no-queue` */
export async function openSharedQueue(url: string): Promise<SharedQueue> {
  const packages = await load();
  const redis = await connect(packages, url);
  const queue = new packages.Queue<JobData, string>(queueName, { connection: redis });
  // Of connections that it is given, BullMQ closes none.
  const waiting = redis.duplicate();
  const events = new packages.QueueEvents(queueName, { connection: waiting });
  queue.on('error', ignored);
  events.on('error', ignored);
  // As many jobs as wait here listen to both.
  for (const emitter of [queue, events]) emitter.setMaxListeners(0);
  await events.waitUntilReady();
  const kept = { age: keptFor };
  const options = { attempts, backoff: { type: 'fixed', delay: 1000 }, removeOnComplete: kept, removeOnFail: kept };
  return {
    files: storeOf(redis),
    workers: () => queue.getWorkersCount(),
    async submit(id, text) {
      const before = await queue.getJob(id);
      if (before !== undefined && (await before.isFailed())) await before.remove();
      const job = await queue.add('variation', { text }, { ...options, jobId: id });
      try {
        return await job.waitUntilFinished(events);
      } catch (cause) {
        throw new ServerError('run-failed', (cause as Error).message, { cause });
      }
    },
    withdraw: async (id) => void (await (await queue.getJob(id))?.remove().catch(ignored)),
    forget: async (id) => void (await (await queue.getJob(id))?.remove()),
    async close() {
      await Promise.all([queue.close(), events.close()]);
      for (const connection of [redis, waiting]) connection.disconnect();
    },
  };
}

/** What a worker made of a job; or that it is not the one to do it, that nobody can, or that it has to be done again. */
export type Handled =
  | { readonly kind: 'done'; readonly result: string }
  | { readonly kind: 'not-here'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'again' };

export interface QueueWorking {
  /** Unique among all workers. */
  readonly name: string;
  /** Seconds after which another worker may take the job of one that is not heard of. */
  readonly lease: number;
  readonly handle: (text: string, files: FileStore) => Promise<Handled>;
  /** Resolves when this worker's server answers again. */
  readonly recover: () => Promise<void>;
  /** It is at the queue. */
  readonly onReady: () => void;
  readonly signal: AbortSignal;
}

/**
 * Takes jobs, one at a time, until the signal fires. One that is under way then is given back.
 * @throws InputError `no-bullmq`, `queue-address`; ServerError `no-queue`
 */
export async function workOnQueue(url: string, working: QueueWorking): Promise<void> {
  const packages = await load();
  const redis = await connect(packages, url);
  const { name, lease, signal } = working;
  const queue = new packages.Queue<JobData, string>(queueName, { connection: redis });
  const work = jobHandler(packages, working, storeOf(redis), () => queue.getWorkersCount());
  const waiting = redis.duplicate();
  const worker = new packages.Worker<JobData, string>(queueName, work, {
    name,
    connection: waiting,
    concurrency: 1,
    lockDuration: lease * 1000,
    stalledInterval: lease * 500,
    // A machine that is switched off every night must not fail a job.
    maxStalledCount: 20,
  });
  queue.on('error', ignored);
  worker.on('error', ignored);
  await worker.waitUntilReady();
  working.onReady();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  await queue.close();
  for (const connection of [redis, waiting]) connection.disconnect();
}

function jobHandler(
  { DelayedError, UnrecoverableError }: Packages,
  { name, handle, recover }: QueueWorking,
  files: FileStore,
  workers: () => Promise<number>,
) {
  return async (job: import('bullmq').Job<JobData, string>, token?: string): Promise<string> => {
    const giveBack = async (): Promise<never> => {
      await job.moveToDelayed(Date.now() + offeredAgain, token);
      throw new DelayedError();
    };
    const { text, refused = {} } = job.data;
    const handled: Handled =
      refused[name] === undefined ? await handle(text, files) : { kind: 'not-here', reason: refused[name] };
    if (handled.kind === 'done') return handled.result;
    if (handled.kind === 'failed') throw new UnrecoverableError(handled.reason);
    if (handled.kind === 'again') {
      await recover();
      return giveBack();
    }
    const all = { ...refused, [name]: handled.reason };
    if (Object.keys(all).length >= (await workers())) throw new UnrecoverableError(Object.values(all)[0] ?? '');
    await job.updateData({ ...job.data, refused: all });
    return giveBack();
  };
}
