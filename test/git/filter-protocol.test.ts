import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FilterRequest, serveFilter } from '../../src/git/filter-protocol.js';
import { contentParts, flush, listPackets, packetReader } from '../../src/git/pkt-line.js';

const flushed = Buffer.from('0000');
const contentPackets = (content: Uint8Array) => Buffer.concat(contentParts(content));
const hello = Buffer.concat([
  listPackets(['git-filter-client', 'version=2']),
  listPackets(['capability=clean', 'capability=smudge', 'capability=delay']),
]);
const welcome = Buffer.concat([
  listPackets(['git-filter-server', 'version=2']),
  listPackets(['capability=clean', 'capability=smudge', 'capability=delay']),
]);

/** One file as git sends it; headers are bytes, for paths that are no UTF-8. */
const request = (headers: readonly (string | Buffer)[], content: Buffer) =>
  Buffer.concat([
    ...headers.map((header) => contentPackets(Buffer.concat([Buffer.from(header as string), Buffer.from('\n')]))),
    flushed,
    contentPackets(content),
    flushed,
  ]);

const success = (content: Uint8Array) =>
  Buffer.concat([listPackets(['status=success']), contentPackets(content), flushed, flushed]);

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

type Filter = (request: FilterRequest) => Promise<Uint8Array | undefined>;

/** What the server answers to these requests. */
async function answers(
  input: Buffer,
  filter: Filter,
  sizes: readonly number[] = [70_000],
  mostInMemory = 1 << 20,
  afterwards = async () => {},
) {
  const written: Uint8Array[] = [];
  const write = async (parts: readonly Uint8Array[]) => void written.push(...parts);
  await serveFilter({ input: cut(input, sizes), write, filter, afterwards, mostInMemory });
  return Buffer.concat(written);
}

const upper: Filter = async ({ content }) => Buffer.from((content.bytes ?? '').toString().toUpperCase());

describe('the filter process', () => {
  test('does what git need not wait for after each answer', async () => {
    const files = ['a', 'b'].map((name) => request(['command=clean', `pathname=${name}`], Buffer.from(name)));
    const seen: string[] = [];
    const written: Uint8Array[] = [];
    await serveFilter({
      input: cut(Buffer.concat([hello, ...files]), [70_000]),
      write: async (parts) => void written.push(...parts),
      filter: upper,
      afterwards: async () => void seen.push(Buffer.concat(written.splice(0)).toString()),
      mostInMemory: 100,
    });
    expect(seen).toEqual([expect.stringMatching(/A0{8}$/), expect.stringMatching(/B0{8}$/)]);
  });

  test('greets, answers file by file and ends with the stream', async () => {
    const input = Buffer.concat([
      hello,
      request(['command=clean', 'pathname=a.json'], Buffer.from('abc')),
      request(['command=smudge', 'pathname=b.json'], Buffer.from('')),
    ]);
    const expected = Buffer.concat([welcome, success(Buffer.from('ABC')), success(Buffer.from(''))]);
    expect(await answers(input, upper)).toEqual(expected);
  });

  test('gives back any content, however large, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 4 }),
        async (contents, sizes) => {
          const files = contents.map((content) => request(['command=clean', 'pathname=x'], Buffer.from(content)));
          const answered = await answers(Buffer.concat([hello, ...files]), async () => undefined, sizes, 100);
          expect(answered).toEqual(Buffer.concat([welcome, ...contents.map(success)]));
        },
      ),
    );
    const large = Buffer.alloc(3_000_000, 'x');
    const input = Buffer.concat([hello, request(['command=clean', 'pathname=x'], large)]);
    expect(await answers(input, async ({ content }) => content.bytes, [65_536], 1 << 23)).toEqual(
      Buffer.concat([welcome, success(large)]),
    );
  });

  test('holds what is too large for memory on disk, and removes it', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`git-comfy-${process.pid}-`));
    const before = ours();
    let seen: FilterRequest | undefined;
    const input = Buffer.concat([hello, request(['command=clean', 'pathname=x'], Buffer.alloc(200_000, 'y'))]);
    await answers(
      input,
      async (one) => {
        seen = one;
        return undefined;
      },
      [1000],
      100_000,
    );
    expect(seen?.content).toMatchObject({ bytes: undefined, length: 200_000 });
    expect(ours()).toEqual(before);
  });

  test('hands on paths of any bytes, and the blob', async () => {
    const path = Buffer.from([0x77, 0xff, 0x0a, 0x3d, 0x20, 0x2e]);
    const seen: FilterRequest[] = [];
    const headers = [
      'command=smudge',
      Buffer.concat([Buffer.from('pathname='), path]),
      'ref=refs/heads/main',
      'blob=abc',
    ];
    await answers(Buffer.concat([hello, request(headers, Buffer.from(''))]), async (one) => {
      seen.push(one);
      return undefined;
    });
    expect(seen[0]).toMatchObject({ command: 'smudge', path, blob: 'abc' });
  });

  test.each([
    ['a diff', ['command=smudge', 'blob=abc'], false],
    ['a checkout of paths', ['command=smudge', 'blob=abc', 'can-delay=1'], true],
    ['a switch of branches', ['command=smudge', 'ref=refs/heads/main', 'treeish=abc', 'blob=abc'], true],
    ['add', ['command=clean'], true],
  ])('tells what goes into the work tree: %s', async (_, headers, expected) => {
    const seen: boolean[] = [];
    const input = Buffer.concat([hello, request([...headers, 'pathname=x'], Buffer.from(''))]);
    await answers(input, async ({ forWorkTree }) => {
      seen.push(forWorkTree);
      return undefined;
    });
    expect(seen).toEqual([expected]);
  });

  test('fails the one file whose filter throws, and goes on', async () => {
    const file = (name: string) => request(['command=clean', `pathname=${name}`], Buffer.from('abc'));
    const filter: Filter = async (one) => {
      if (one.path.toString() === 'bad') throw new Error('a bug');
      return upper(one);
    };
    expect(await answers(Buffer.concat([hello, file('bad'), file('good')]), filter)).toEqual(
      Buffer.concat([welcome, listPackets(['status=error']), success(Buffer.from('ABC'))]),
    );
  });

  test.each([
    ['nothing', ''],
    ['a workflow', '{"nodes": []}'],
    ['another version', listPackets(['git-filter-client', 'version=1'])],
    ['an end in the middle', hello.subarray(0, 20)],
    ['an end inside a file', Buffer.concat([hello, listPackets(['command=clean', 'pathname=x']).subarray(0, -4)])],
    ['an unknown command', Buffer.concat([hello, request(['command=list_available_blobs'], Buffer.from(''))])],
  ])('says so when the other side is not git: %s', async (_, input) => {
    await expect(answers(Buffer.from(input as string), upper)).rejects.toMatchObject({
      code: expect.stringMatching(/^(filter-protocol|pkt-line)$/),
    });
  });
});

test('packets are at most as large as git takes, and flushes are told from empty ones', async () => {
  const next = packetReader(
    cut(Buffer.concat([contentPackets(Buffer.alloc(70_000)), Buffer.from('0004'), flushed]), [999]),
  );
  expect(((await next()) as Buffer).length).toBe(65_516);
  expect(((await next()) as Buffer).length).toBe(70_000 - 65_516);
  expect(((await next()) as Buffer).length).toBe(0);
  expect(await next()).toBe(flush);
  expect(await next()).toBeUndefined();
});
