import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../lock/entries.js';

/** A pack with more than this is not hashed: some keep whole models in their folder. */
const maxFiles = 20_000;
const maxBytes = 1024 * 1024 * 1024;

/** Made by Python when a pack is imported; the same pack with and without it is the same pack. */
const isMade = (name: string) => name === '__pycache__' || name === '.git' || name.endsWith('.pyc');

/**
 * Paths of all files of a pack or a model's folder, with `/`, sorted by bytes; links are files and are not followed. `undefined` when there
 * are too many to hash, or more bytes than `mostBytes`.
 */
export async function folderFiles(root: string, mostBytes = maxBytes): Promise<string[] | undefined> {
  const found: string[] = [];
  const waiting = [''];
  let size = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of await readdir(join(root, at), { withFileTypes: true })) {
      if (isMade(entry.name)) continue;
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(path);
      else {
        found.push(path);
        size += entry.isFile() ? (await lstat(join(root, path))).size : 0;
      }
    }
    if (found.length > maxFiles || size > mostBytes) return undefined;
  }
  return found.sort(byBytes);
}

/** Paths of a registry pack's `.tracking`: what was unzipped, and nothing that the pack put there later. */
export function listedFiles(tracking: string): string[] | undefined {
  const paths = tracking.split(/\r?\n/).map((line) => line.replaceAll('\\', '/'));
  const sound = paths.filter((path) => path !== '' && !path.endsWith('/') && !path.startsWith('/') && !leaves(path));
  return sound.length > maxFiles ? undefined : [...new Set(sound)].sort(byBytes);
}

const leaves = (path: string) => path.split('/').includes('..') || /^[A-Za-z]:/.test(path) || path.includes('\0');

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * SHA-256 over lines `<mode> <sha256 or deleted> <path>\n`, by path bytes; modes as git writes them.
 * @param root the pack's folder, or its one file when `files` is absent
 */
export async function treeDigest(root: string, files: readonly string[] | undefined): Promise<Digest> {
  if (files === undefined) return `sha256:${await fileSha256(root)}`;
  const whole = createHash('sha256');
  for (const path of files) {
    const { mode, sha256 } = await describeFile(join(root, path));
    whole.update(`${mode} ${sha256} ${path}\n`);
  }
  return `sha256:${whole.digest('hex')}`;
}

async function describeFile(path: string): Promise<{ mode: string; sha256: string }> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isSymbolicLink() === true) {
    return {
      mode: '120000',
      sha256: createHash('sha256')
        .update(await readlink(path, 'buffer'))
        .digest('hex'),
    };
  }
  if (info?.isFile() !== true) return { mode: '000000', sha256: 'deleted' };
  return { mode: (info.mode & 0o111) === 0 ? '100644' : '100755', sha256: await fileSha256(path) };
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
