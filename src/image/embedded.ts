import { type Container, containerOf, embeddedTexts } from './containers.js';
import type { EmbeddedTexts } from './picture.js';

/** The texts, and the kind of file they were in; for an `unknown` one nothing is read. */
export interface Embedded extends EmbeddedTexts {
  readonly container: Container;
}

/**
 * The prompt and the workflow that ComfyUI embedded in an output, as text, exactly as stored; a missing one is absent.
 * @throws InputError where the file is damaged (`png-truncated`, `png-bad`, `png-too-large`; of other kinds `file-truncated`, `file-damaged`, `file-too-large`)
 */
export function readEmbedded(bytes: Uint8Array): Embedded {
  const container = containerOf(bytes);
  return { container, ...embeddedTexts(bytes, container) };
}
