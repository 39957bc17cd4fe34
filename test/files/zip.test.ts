import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readZip, writeZip } from '../../src/files/zip.js';

interface Part {
  readonly name: string;
  readonly data?: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
  readonly crc?: number;
  readonly size?: number;
  /** In the file's own header. */
  readonly own?: string;
  readonly offset?: number;
}

/** An archive as somebody with bad intent would write it. */
function archive(parts: readonly Part[], count = parts.length): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const { name, data = Buffer.from('hello'), method = 8, flags = 0, mode = 0o100644, own = name } = part;
    const packed = method === 8 ? deflateRawSync(data) : data;
    const [crc, size] = [part.crc ?? crc32(data), part.size ?? data.length];
    const facts = Buffer.alloc(22);
    facts.writeUInt16LE(flags, 0);
    facts.writeUInt16LE(method, 2);
    facts.writeUInt32LE(crc, 8);
    facts.writeUInt32LE(packed.length, 12);
    facts.writeUInt32LE(size, 16);
    const header = Buffer.concat([
      Buffer.from('PK\x03\x04\x14\0', 'latin1'),
      facts.subarray(0, 20),
      lengthOf(own),
      Buffer.alloc(2),
      Buffer.from(own),
    ]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(part.offset ?? at, 10);
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\x03\x14\0', 'latin1'),
        facts.subarray(0, 20),
        lengthOf(name),
        Buffer.alloc(2),
        tail,
        Buffer.from(name),
      ]),
    );
    files.push(header, packed);
    at += header.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

function lengthOf(name: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(Buffer.byteLength(name));
  return length;
}

const texts = (files: ReadonlyMap<string, Uint8Array>) =>
  Object.fromEntries([...files].map(([name, data]) => [name, Buffer.from(data).toString()]));

test('what is written is read again, and the same files are the same bytes', async () => {
  const files = new Map([
    ['a.json', Buffer.from('{}')],
    ['inputs/sub folder/ä [output].png', Buffer.from('x'.repeat(5000))],
    ['empty', Buffer.alloc(0)],
  ]);
  const bytes = await writeZip(files);
  expect(bytes.length).toBeLessThan(1000);
  expect(texts(await readZip(bytes))).toEqual(texts(files));
  expect(Buffer.compare(bytes, await writeZip(files))).toBe(0);
});

test('an archive of another program is read, folders left out', async () => {
  const made = archive([
    { name: 'a/', data: Buffer.alloc(0), method: 0, mode: 0o40755 },
    { name: 'a/b' },
    { name: 'c', method: 0 },
  ]);
  expect(texts(await readZip(made))).toEqual({ 'a/b': 'hello', c: 'hello' });
});

test.each([
  '../x',
  'a/../../x',
  '/etc/x',
  'C:x',
  'a\\..\\x',
  'a//b',
  './a',
  'nul',
  'a/CON.txt',
  'a.',
  'a\n',
  `${'d'.repeat(600)}`,
  '',
])('the path %j is refused', async (name) => {
  await expect(readZip(archive([{ name }]))).rejects.toMatchObject({ code: 'zip-unsafe' });
});

test.each<[string, string, readonly Part[]]>([
  ['a link', 'zip-unsafe', [{ name: 'a', mode: 0o120777, data: Buffer.from('/etc/passwd') }]],
  ['a device', 'zip-unsafe', [{ name: 'a', mode: 0o20644 }]],
  ['the same path twice', 'zip-unsafe', [{ name: 'a' }, { name: 'a' }]],
  ['the same path in another case', 'zip-unsafe', [{ name: 'a' }, { name: 'A' }]],
  ['two entries for the same bytes', 'zip-unsafe', [{ name: 'b' }, { name: 'c', offset: 0 }]],
  ['another name in its own header', 'zip-unsafe', [{ name: 'a', own: 'b' }]],
  ['an encrypted file', 'zip-unsafe', [{ name: 'a', flags: 1 }]],
  ['a wrong checksum', 'zip-damaged', [{ name: 'a', crc: 1 }]],
  ['a wrong checksum, not compressed', 'zip-damaged', [{ name: 'a', crc: 1, method: 0 }]],
  ['less than was declared', 'zip-damaged', [{ name: 'a', size: 9 }]],
  ['more than was declared', 'zip-damaged', [{ name: 'a', data: Buffer.alloc(1e6), size: 10 }]],
  ['a method that is not known', 'zip-damaged', [{ name: 'a', method: 12 }]],
  ['a header elsewhere', 'zip-damaged', [{ name: 'a', offset: 4_000_000_000 }]],
  ['a bomb of one file', 'zip-too-large', [{ name: 'a', size: 4_000_000_000 }]],
  ['a bomb of many', 'zip-too-large', Array.from({ length: 9 }, (_, at) => ({ name: `${at}`, size: 100_000_000 }))],
])('%s is refused (%s)', async (_, code, parts) => {
  await expect(readZip(archive(parts))).rejects.toMatchObject({ code });
});

test('too many files, and a cut archive, are refused', async () => {
  await expect(readZip(archive([{ name: 'a' }], 60_000))).rejects.toMatchObject({ code: 'zip-too-large' });
  const whole = archive([{ name: 'a' }, { name: 'b' }]);
  for (let length = 0; length < whole.length; length++) {
    await expect(readZip(whole.subarray(0, length))).rejects.toMatchObject({ code: 'zip-damaged' });
  }
});

test('a file inside another is refused: such archives unpack to far more than they have', async () => {
  const inner = archive([{ name: 'inner' }]);
  const outer = archive([
    { name: 'outer', data: inner, method: 0 },
    { name: 'inner', offset: 'outer'.length + 30 },
  ]);
  await expect(readZip(outer)).rejects.toMatchObject({ message: expect.stringContaining('lies inside another file') });
});
