import { basename, dirname, extname, join, relative } from 'node:path';
import { readBounded } from '../files/read.js';
import type { Digest } from '../lock/entries.js';
import { isArray, isObject, type Json, tryParseJson } from '../workflow/json.js';

/** What a file beside a model says that its SHA-256 is. Never proof: such files are copied, edited and left behind. */
export interface Hint {
  /** Name of the file that says it. */
  readonly from: string;
  /** The model is one of these; some list every file of a version. */
  readonly digests: readonly Digest[];
}

/** Some hold a whole page about the model. Bytes. */
const maxBytes = 4 * 1024 * 1024;

/** Folders above a model in which Hugging Face's downloader may keep what it knows of it. */
const maxLevels = 4;

interface Place {
  readonly path: string;
  readonly read: (text: string) => readonly string[];
}

/** Reads what stands beside a model; what is not there, or is none, says nothing. */
export async function readHints(model: string): Promise<Hint[]> {
  const hints = cacheHint(model);
  for (const { path, read } of placesOf(model)) {
    const bytes = await readBounded(path, maxBytes).catch(() => undefined);
    if (bytes === undefined) continue;
    const digests = read(bytes.toString('utf8')).flatMap((text) => digestOf(text) ?? []);
    if (digests.length > 0) hints.push({ from: basename(path), digests });
  }
  return hints;
}

const digestOf = (text: string): Digest | undefined =>
  /^[0-9a-f]{64}$/i.test(text) ? `sha256:${text.toLowerCase()}` : undefined;

/** A download cache of Hugging Face names what it keeps by content: `blobs/<SHA-256>`. */
function cacheHint(model: string): Hint[] {
  const digest = basename(dirname(model)) === 'blobs' ? digestOf(basename(model)) : undefined;
  return digest === undefined ? [] : [{ from: 'its name in the download cache', digests: [digest] }];
}

function placesOf(model: string): Place[] {
  const stem = model.slice(0, model.length - extname(model).length);
  return [
    { path: `${model}.sha256`, read: (text) => ofChecksum(text, model) },
    { path: `${stem}.sha256`, read: (text) => ofChecksum(text, model) },
    ...huggingFacePlaces(model),
    // Civitai Helper, Stability Matrix, LoRA Manager.
    { path: `${stem}.civitai.info`, read: ofVersion },
    { path: `${stem}.cm-info.json`, read: ofHashes },
    { path: `${stem}.metadata.json`, read: (text) => texts(member(tryParseJson(text), 'sha256')) },
  ];
}

/** `<digest>  <name>`, as sha256sum writes it, or the digest alone. That of another file says nothing. */
function ofChecksum(text: string, model: string): string[] {
  const [, digest = '', name = ''] = /^([0-9a-f]{64})(?:[ \t]+\*?(.+?))?[ \t\r]*$/im.exec(text) ?? [];
  return name === '' || basename(name.replaceAll('\\', '/')) === basename(model) ? [digest] : [];
}

/** `<folder>/.cache/huggingface/download/<path>.metadata`: commit, etag (the SHA-256 of a large file), time; a line each. */
function huggingFacePlaces(model: string): Place[] {
  const places: Place[] = [];
  let folder = dirname(model);
  for (let level = 0; level < maxLevels; level++) {
    const path = join(folder, '.cache/huggingface/download', `${relative(folder, model)}.metadata`);
    places.push({ path, read: (text) => [text.split(/\r?\n/)[1] ?? ''] });
    folder = dirname(folder);
  }
  return places;
}

/** A model version as Civitai's API gives it: `files[].hashes.SHA256`. */
function ofVersion(text: string): string[] {
  const files = member(tryParseJson(text), 'files');
  return isArray(files) ? files.flatMap((file) => texts(member(member(file, 'hashes'), 'SHA256'))) : [];
}

const ofHashes = (text: string) => texts(member(member(tryParseJson(text), 'Hashes'), 'SHA256'));

const member = (json: Json | undefined, name: string) => (isObject(json) ? json.get(name) : undefined);

const texts = (json: Json | undefined) => (typeof json === 'string' ? [json] : []);
