import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Interrupted, ServerError } from '../../src/errors.js';
import { type Lane, type Outcome, spread } from '../../src/reproduce/spread/spread.js';

const refused = () => new ServerError('prompt-refused', 'no such model');
const gone = () => new ServerError('server-gone', 'it went away');

interface Told {
  readonly outcomes: Map<number, Outcome<string>[]>;
  readonly left: string[];
}

async function run(count: number, lanes: readonly Lane<number, string>[], signal = new AbortController().signal) {
  const told: Told = { outcomes: new Map(), left: [] };
  const tasks = Array.from({ length: count }, (_, index) => index);
  const done = spread(tasks, lanes, {
    signal,
    async onDone(index, outcome) {
      told.outcomes.set(index, [...(told.outcomes.get(index) ?? []), outcome]);
    },
    onLeft: (name) => void told.left.push(name),
  });
  return { told, error: await done.then(() => undefined).catch((error: unknown) => error as Error) };
}

/** Lets others go first, so that lanes are at work side by side. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const lane = (name: string, work: (task: number) => void = () => {}): Lane<number, string> => ({
  name,
  async run(task) {
    await turn();
    work(task);
    return `${task} by ${name}`;
  },
});

const made = ({ outcomes }: Told) =>
  [...outcomes].flatMap(([index, all]) => (all.some((one) => 'made' in one) ? [index] : [])).sort((a, b) => a - b);

describe('tasks on several servers', () => {
  test('each is done once, whoever fails and leaves, while anybody can do it', async () => {
    const server = fc.record({
      lanes: fc.integer({ min: 1, max: 3 }),
      /** After so many tasks it is gone. */
      lasts: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      refuses: fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(server, { maxLength: 3 }), async (count, servers) => {
        const lanes = servers.flatMap(({ lanes: many, lasts, refuses }, index) => {
          let left = lasts ?? Number.POSITIVE_INFINITY;
          const work = (task: number) => {
            if (left-- <= 0) throw gone();
            if (refuses.includes(task)) throw refused();
          };
          return Array.from({ length: many }, () => lane(`server ${index}`, work));
        });
        const { told, error } = await run(count, [...lanes, lane('steady')]);
        expect(error).toBeUndefined();
        expect(made(told)).toEqual(Array.from({ length: count }, (_, index) => index));
        expect([...told.outcomes.values()].every((all) => all.length === 1)).toBe(true);
        expect(told.left).toEqual([...new Set(told.left)]);
      }),
      { numRuns: 200 },
    );
  });

  test('one that no server can do is told as such, and the others are made', async () => {
    const stubborn = (task: number) => {
      if (task === 2) throw refused();
    };
    const { told, error } = await run(5, [lane('a', stubborn), lane('b', stubborn)]);
    expect([error, made(told)]).toEqual([undefined, [0, 1, 3, 4]]);
    expect(told.outcomes.get(2)).toEqual([{ failed: expect.objectContaining({ message: 'no such model' }) }]);
  });

  test('one that is refused where others left is given up, not waited for', async () => {
    const a = lane('a', () => {
      throw refused();
    });
    const b = lane('b', (task) => {
      if (task > 0) throw gone();
    });
    const { told, error } = await run(2, [b, a]);
    expect([error, made(told)]).toEqual([undefined, [0]]);
    expect(told.outcomes.get(1)).toEqual([{ failed: expect.objectContaining({ message: 'no such model' }) }]);
  });

  test('where nothing can be made at all, it ends early and says why', async () => {
    const hopeless = lane('a', () => {
      throw refused();
    });
    const { told, error } = await run(100, [hopeless]);
    expect(error).toMatchObject({ code: 'prompt-refused' });
    expect(told.outcomes.size).toBe(3);
  });

  test('without any server left it says how much is missing', async () => {
    let left = 3;
    const dying = () => {
      if (left-- <= 0) throw gone();
    };
    const { told, error } = await run(10, [lane('a', dying), lane('a', dying)]);
    expect(error).toMatchObject({ code: 'no-server-left', message: expect.stringContaining('7 of 10') });
    expect([made(told).length, told.left]).toEqual([3, ['a']]);
  });

  test('what ends one lane ends the others, and is what is said', async () => {
    const stopping = new AbortController();
    let began = () => {};
    const waits: Lane<number, string> = {
      name: 'slow',
      run: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Interrupted()));
          began();
        }),
    };
    const breaks = lane('broken', () => {
      throw new TypeError('a bug');
    });
    expect((await run(4, [waits, breaks], stopping.signal)).error).toBeInstanceOf(TypeError);
    began = () => stopping.abort();
    const { error } = await run(4, [waits, waits], stopping.signal);
    expect(error).toMatchObject({ code: 'interrupted' });
  });
});
