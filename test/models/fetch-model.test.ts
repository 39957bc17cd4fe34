import { createHash } from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Digest } from '../../src/lock/entries.js';
import { type FetchOptions, fetchModel } from '../../src/models/fetch-model.js';
import { giveName } from '../../src/models/give-name.js';
import { removeNeedlessParts } from '../../src/models/left-parts.js';
import { claimPart, partSize, releasePart } from '../../src/models/part-file.js';
import { sourceRules } from '../../src/models/source-rules.js';
import { temporaryFolder } from '../support/git.js';
import { modelServer } from '../support/model-server.js';

const weights = Buffer.alloc(300_000, 'weights ');
const digestOf = (bytes: Buffer): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const digest = digestOf(weights);

const options = (url: string, more: Partial<FetchOptions> = {}): FetchOptions => ({
  rules: sourceRules([url]),
  tokenFor: () => undefined,
  signal: new AbortController().signal,
  ...more,
});

const wanted = (url: string, folder: string, more: object = {}) => ({
  url: new URL('/m.safetensors', url),
  digest,
  size: weights.length,
  folder,
  ...more,
});

test('a model comes in whole, and gets a name only then', async () => {
  const folder = temporaryFolder();
  const { url } = await modelServer({ '/m.safetensors': weights });
  const part = await fetchModel(wanted(url, folder), options(url));
  expect(readdirSync(folder).every((name) => name.endsWith('.part'))).toBe(true);
  await giveName(part, join(folder, 'sub/m.safetensors'));
  expect(readFileSync(join(folder, 'sub/m.safetensors')).equals(weights)).toBe(true);
  expect(readdirSync(folder)).toEqual(['sub']);
});

test('a connection that breaks is taken up again where it broke', async () => {
  const folder = temporaryFolder();
  const { url, asked } = await modelServer({ '/m.safetensors': weights }, (_, response, turn) => {
    if (turn > 1) return false;
    response.writeHead(200, { 'content-length': weights.length });
    response.write(weights.subarray(0, 100_000), () => response.destroy());
    return true;
  });
  const part = await fetchModel(wanted(url, folder), options(url));
  expect(readFileSync(part).equals(weights)).toBe(true);
  const from = Number(/\d+/.exec(asked[1]?.range ?? '')?.[0]);
  expect(from).toBeGreaterThan(0);
  expect(from).toBeLessThanOrEqual(100_000);
});

test('after Ctrl-C what came so far waits for the next attempt', async () => {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const { url, asked } = await modelServer({ '/m.safetensors': weights }, (_, response, turn) => {
    if (turn > 1) return false;
    response.writeHead(200, { 'content-length': weights.length });
    response.write(weights.subarray(0, 100_000));
    return true;
  });
  const onProgress = (done: number) => done >= 100_000 && stop.abort();
  const work = fetchModel(wanted(url, folder), options(url, { signal: stop.signal, onProgress }));
  await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  expect(readdirSync(folder)).toEqual([`git-comfy-${digest.slice(7, 31)}.part`]);
  expect(await partSize(folder, digest)).toBe(100_000);
  expect(readFileSync(await fetchModel(wanted(url, folder), options(url))).equals(weights)).toBe(true);
  expect(asked[1]?.range).toBe('bytes=100000-');
});

test('a part that belongs to something else is thrown away', async () => {
  const folder = temporaryFolder();
  const { url, asked } = await modelServer({ '/m.safetensors': weights });
  writeFileSync(join(folder, `git-comfy-${digest.slice(7, 31)}.part`), 'nonsense');
  expect(readFileSync(await fetchModel(wanted(url, folder), options(url))).equals(weights)).toBe(true);
  expect(asked.map(({ range }) => range)).toEqual(['bytes=8-', undefined]);
});

test('a server that knows no ranges sends it again from the start', async () => {
  const folder = temporaryFolder();
  const { url } = await modelServer({}, (_, response) => {
    response.writeHead(200, { 'content-length': weights.length }).end(weights);
    return true;
  });
  writeFileSync(join(folder, `git-comfy-${digest.slice(7, 31)}.part`), weights.subarray(0, 1000));
  expect(readFileSync(await fetchModel(wanted(url, folder), options(url))).equals(weights)).toBe(true);
});

test.each([
  ['other content', Buffer.alloc(300_000, 'WEIGHTS '), {}, 'source-other-content'],
  ['another size', Buffer.alloc(1000), {}, 'source-other-size'],
  ['more than the disk holds', weights, { size: 9_000_000_000_000_000 }, 'source-other-size'],
])('%s is refused, and nothing of it stays', async (_, bytes, more, code) => {
  const folder = temporaryFolder();
  const { url } = await modelServer({ '/m.safetensors': bytes });
  await expect(fetchModel(wanted(url, folder, more), options(url))).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual([]);
});

test('a file that never ends is cut off', async () => {
  const folder = temporaryFolder();
  const { url } = await modelServer({}, (_, response) => {
    response.writeHead(200); // no length
    const more = () => response.write(Buffer.alloc(65_536), more);
    more();
    return true;
  });
  await expect(fetchModel(wanted(url, folder), options(url))).rejects.toMatchObject({ code: 'source-other-size' });
});

test.each([
  [401, 'source-forbidden'],
  [403, 'source-forbidden'],
  [404, 'source-gone'],
  [503, 'source-busy'],
])('HTTP %i is told as what it means', async (status, code) => {
  const { url } = await modelServer({}, (_, response) => {
    response.writeHead(status).end('no');
    return true;
  });
  await expect(fetchModel(wanted(url, temporaryFolder()), options(url))).rejects.toMatchObject({ code });
});

test('a page that asks to sign in is no model', async () => {
  const { url } = await modelServer({}, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>');
    return true;
  });
  const folder = temporaryFolder();
  await expect(fetchModel(wanted(url, folder), options(url))).rejects.toMatchObject({ code: 'source-forbidden' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a redirect to a host that nobody allowed is not followed, and no token goes anywhere else', async () => {
  const other = await modelServer({ '/m.safetensors': weights });
  const { url, asked } = await modelServer({}, (_, response) => {
    response.writeHead(302, { location: `${other.url}/m.safetensors` }).end();
    return true;
  });
  const host = new URL(url).host;
  const tokenFor = (name: string) => (name === host ? 'secret' : undefined);
  const work = fetchModel(wanted(url, temporaryFolder()), options(url, { tokenFor }));
  await expect(work).rejects.toMatchObject({ code: 'source-refused' });
  expect(other.asked).toEqual([]);
  await fetchModel(wanted(url, temporaryFolder()), options(url, { tokenFor, rules: sourceRules([url, other.url]) }));
  expect(asked.map(({ token }) => token)).toEqual(['Bearer secret', 'Bearer secret']);
  expect(other.asked.map(({ token }) => token)).toEqual([undefined]);
});

test('a redirect without end ends', async () => {
  const { url, asked } = await modelServer({}, (_, response) => {
    response.writeHead(302, { location: '/m.safetensors' }).end();
    return true;
  });
  const work = fetchModel(wanted(url, temporaryFolder()), options(url));
  await expect(work).rejects.toMatchObject({ code: 'source-unreachable' });
  expect(asked).toHaveLength(6);
});

test('two programs do not write to one file', async () => {
  const folder = temporaryFolder();
  const own = await claimPart(folder, digest);
  // The parent of this process is alive, and is not this process.
  const theirs = own.replace(/-\d+\.part$/, `-${process.ppid}.part`);
  writeFileSync(theirs, 'half');
  await expect(claimPart(folder, digest)).rejects.toMatchObject({ code: 'being-fetched' });
  await releasePart(theirs, digest);
  expect(await claimPart(folder, digest)).toBe(own);
  expect(existsSync(own)).toBe(true);
});

test('the second name of a model, which a kill left, goes away; a download that is not done stays', async () => {
  const folder = temporaryFolder();
  // A process number that no system gives.
  const nobody = (await claimPart(folder, digest)).replace(/^.*\.([0-9a-f]{8})-\d+\.part$/, '$1-999999999.part');
  const named = `git-comfy-${'a'.repeat(24)}.${nobody}`;
  const open = `git-comfy-${'b'.repeat(24)}.${nobody}`;
  writeFileSync(join(folder, 'model.safetensors'), 'weights');
  linkSync(join(folder, 'model.safetensors'), join(folder, named));
  writeFileSync(join(folder, open), 'half');
  await removeNeedlessParts({ folders: [folder], there: [] });
  expect(readdirSync(folder).sort()).toEqual([open, 'model.safetensors']);
});

test('a name that somebody took meanwhile stays theirs', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a'), 'new');
  writeFileSync(join(folder, 'b'), 'theirs');
  await expect(giveName(join(folder, 'a'), join(folder, 'b'))).rejects.toMatchObject({ code: 'name-taken' });
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('theirs');
});
