import { chunk, encodePng } from './encode-png.js';
import type { TestRepository } from './git.js';

/** Pictures as ComfyUI saves them, each of a prompt of its own; returns their names. */
export function writeOutputs(repository: TestRepository, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const prompt = JSON.stringify({ '1': { class_type: 'EmptyImage', inputs: { color: at } } });
    const samples = Uint8Array.from({ length: 12 }, () => at);
    const text = chunk('tEXt', Buffer.from(`prompt\0${prompt}`, 'latin1'));
    const name = `output/${at}.png`;
    repository.write(name, encodePng({ width: 2, height: 2, colorType: 2, bits: 8, samples, before: [text] }));
    return name;
  });
}
