import { InputError } from '../errors.js';
import { withoutOpaqueAlpha } from './alpha.js';
import type { EmbeddedTexts, Picture } from './picture.js';
import { plainFlac } from './plain/flac.js';
import { plainJpeg } from './plain/jpeg.js';
import { plainMatroska } from './plain/matroska.js';
import { plainMp4 } from './plain/mp4.js';
import { plainPng } from './plain/png.js';
import { plainWebp } from './plain/webp.js';
import { decodePngFile, isPng } from './png.js';
import { pngTexts } from './png-texts.js';
import { avifTexts, isAvif } from './texts/avif.js';
import { flacTexts, isFlac } from './texts/flac.js';
import { gifTexts, isGif } from './texts/gif.js';
import { glbTexts, isGlb } from './texts/glb.js';
import { isJpeg, jpegTexts } from './texts/jpeg.js';
import { jsonMembers } from './texts/json-members.js';
import { isMatroska, matroskaTexts } from './texts/matroska.js';
import { isMp3, mp3Texts } from './texts/mp3.js';
import { isMp4, mp4Texts } from './texts/mp4.js';
import { isOgg, oggTexts } from './texts/ogg.js';
import { isSafetensors, safetensorsTexts } from './texts/safetensors.js';
import { isSvg, svgTexts } from './texts/svg.js';
import { isWebp, webpTexts } from './texts/webp.js';

/** What is known of a kind of file that ComfyUI writes. */
interface ContainerReader {
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Every text in the file, by key. */
  readonly texts: (bytes: Uint8Array) => ReadonlyMap<string, string>;
  /** The picture, if the file holds exactly one; absent where samples cannot be decoded here. */
  readonly still?: (bytes: Uint8Array) => Picture | undefined;
  /** What makes the picture, film or sound, without what is written about it; absent where that cannot be told apart here. */
  readonly plain?: (bytes: Uint8Array) => Uint8Array;
}

/** The one place to add a container: a row here is all that capture, show and compare need. */
const readers = {
  png: {
    matches: isPng,
    texts: pngTexts,
    plain: plainPng,
    still: (bytes) => {
      const { picture, animated } = decodePngFile(bytes);
      // The first frame alone would make an animation equal to a still picture.
      return animated ? undefined : withoutOpaqueAlpha(picture);
    },
  },
  webp: { matches: isWebp, texts: webpTexts, plain: plainWebp },
  jpeg: { matches: isJpeg, texts: jpegTexts, plain: plainJpeg },
  gif: { matches: isGif, texts: gifTexts },
  avif: { matches: isAvif, texts: avifTexts },
  mp4: { matches: isMp4, texts: mp4Texts, plain: plainMp4 },
  matroska: { matches: isMatroska, texts: matroskaTexts, plain: plainMatroska },
  flac: { matches: isFlac, texts: flacTexts, plain: plainFlac },
  ogg: { matches: isOgg, texts: oggTexts },
  mp3: { matches: isMp3, texts: mp3Texts },
  glb: { matches: isGlb, texts: glbTexts },
  safetensors: { matches: isSafetensors, texts: safetensorsTexts },
  svg: { matches: isSvg, texts: svgTexts },
} as const satisfies Readonly<Record<string, ContainerReader>>;

/** Kind of a file by its first bytes; `unknown` is known by the hash of the whole file only. */
export type Container = keyof typeof readers | 'unknown';

export function containerOf(bytes: Uint8Array): Container {
  const found = Object.entries(readers).find(([, reader]) => reader.matches(bytes));
  return found === undefined ? 'unknown' : (found[0] as Container);
}

/**
 * The one picture in the file, an alpha that is opaque throughout left out; `undefined` for animations and for files that are not decoded here.
 * @throws InputError where the file is damaged
 */
export function stillPicture(bytes: Uint8Array): Picture | undefined {
  const container = containerOf(bytes);
  const reader: ContainerReader | undefined = container === 'unknown' ? undefined : readers[container];
  return reader?.still?.(bytes);
}

/**
 * What of a file makes the picture, film or sound, without what is written about it: two outputs that are the same so are the same output. Of PNG, WebP, JPEG
 * and FLAC it is a file again. `undefined` for kinds where that cannot be told apart here, and for damaged files.
 */
export function plainFile(bytes: Uint8Array): Uint8Array | undefined {
  const container = containerOf(bytes);
  const reader: ContainerReader | undefined = container === 'unknown' ? undefined : readers[container];
  try {
    return reader?.plain?.(bytes);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Whether two files of one kind are the same but for what is written in them. */
export function samePlain(a: Uint8Array, b: Uint8Array): boolean {
  if (containerOf(a) !== containerOf(b)) return false;
  const [before, after] = [plainFile(a), plainFile(b)];
  return before !== undefined && after !== undefined && Buffer.compare(before, after) === 0;
}

/** Whether it is a picture whose samples are not decoded here: anew encoded it is not recognised. */
export const isUndecoded = (bytes: Uint8Array): boolean => ['webp', 'jpeg', 'gif', 'avif'].includes(containerOf(bytes));

/**
 * What ComfyUI embedded, exactly as stored.
 * @throws InputError where the file is damaged
 */
export function embeddedTexts(bytes: Uint8Array, container: Container): EmbeddedTexts {
  if (container === 'unknown') return {};
  const texts = withComments(readers[container].texts(bytes));
  const found = ['workflow', 'prompt', 'parameters'].flatMap((key) => {
    const text = texts.get(key);
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(found);
}

/** Where packs that save videos and pictures of their own put both documents, as members of one. */
const commentKeys = ['comment', 'description', 'UserComment'];

function withComments(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (texts.has('prompt') || texts.has('workflow')) return texts;
  const comments = commentKeys.flatMap((key) => texts.get(key) ?? []);
  const parameters = texts.get('parameters') ?? comments.find((text) => /^\s*Steps: \d/m.test(text));
  return new Map([
    ...comments.flatMap((text) => [...jsonMembers(text)]),
    ...(parameters === undefined ? [] : [['parameters', parameters] as const]),
  ]);
}
