import { expect, test } from 'vitest';
import { blobId, readBlob, readObjects, writeBlob } from '../../src/git/objects.js';
import { makeRepository } from '../support/git.js';

test.each([['sha1'], ['sha256']] as const)('a blob has the id that git gives it: %s', async (format) => {
  const made = makeRepository(`--object-format=${format}`);
  const repository = await made.open();
  const bytes = Buffer.from('line\r\n\0\u00fc');
  expect(await writeBlob(repository, bytes)).toBe(blobId(format, bytes));
  expect(await readBlob(repository, blobId(format, bytes))).toEqual(bytes);
});

test('many objects come in the order asked, missing ones too', async () => {
  const made = makeRepository();
  const repository = await made.open();
  const big = 'x'.repeat(300_000);
  const names = ['plain', 'with space', 'ünï "quoted"', 'line\nbreak', '-dash', '$HOME'];
  made.commit(Object.fromEntries(names.map((name) => [name, `content of ${name} ${big}`])));
  const specs = names.flatMap((name) => [`HEAD:${name}`, `:${name}x`]);
  const read: [string, string | undefined][] = [];
  for await (const { spec, bytes } of readObjects(repository, specs)) read.push([spec, bytes?.toString()]);
  expect(read).toEqual(
    names.flatMap((name) => [
      [`HEAD:${name}`, `content of ${name} ${big}`],
      [`:${name}x`, undefined],
    ]),
  );
});

test('leaving in the middle ends git', async () => {
  const made = makeRepository();
  const repository = await made.open();
  made.commit({ a: 'a'.repeat(1_000_000) });
  for await (const { bytes } of readObjects(repository, Array(200).fill('HEAD:a'))) {
    expect(bytes).toHaveLength(1_000_000);
    break;
  }
});
