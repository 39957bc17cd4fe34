import { withoutOpaqueAlpha } from './alpha.js';
import type { EmbeddedTexts, Picture } from './picture.js';
import { decodePngFile, isPng } from './png.js';
import { pngTexts } from './png-texts.js';

/** What is known of a kind of file that ComfyUI writes. */
interface ContainerReader {
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Every text in the file, by key. */
  readonly texts: (bytes: Uint8Array) => ReadonlyMap<string, string>;
  /** The picture, if the file holds exactly one; absent where samples cannot be decoded here. */
  readonly still?: (bytes: Uint8Array) => Picture | undefined;
}

/** The one place to add a container: a row here is all that capture, show and compare need. */
const readers = {
  png: {
    matches: isPng,
    texts: pngTexts,
    still: (bytes) => {
      const { picture, animated } = decodePngFile(bytes);
      // The first frame alone would make an animation equal to a still picture.
      return animated ? undefined : withoutOpaqueAlpha(picture);
    },
  },
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
  return container === 'unknown' ? undefined : readers[container].still(bytes);
}

/**
 * What ComfyUI embedded, exactly as stored.
 * @throws InputError where the file is damaged
 */
export function embeddedTexts(bytes: Uint8Array, container: Container): EmbeddedTexts {
  if (container === 'unknown') return {};
  const texts = readers[container].texts(bytes);
  const [workflow, prompt] = [texts.get('workflow'), texts.get('prompt')];
  return { ...(workflow === undefined ? {} : { workflow }), ...(prompt === undefined ? {} : { prompt }) };
}
