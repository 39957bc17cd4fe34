import type { Container } from '../image/containers.js';
import { containerOf, embeddedTexts, plainFile } from '../image/containers.js';
import type { Metrics } from '../image/metrics.js';
import type { ComparedPictures, Shown } from '../terminal/page/comparison-page.js';

/** What browsers show, by kind. */
const types: Partial<Record<Container, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  avif: 'image/avif',
};

/** A file as a page shows it: without prompt and workflow, which are nobody's business who gets the page. */
export function shownFile(bytes: Uint8Array | undefined, why: string): Shown {
  if (bytes === undefined) return { missing: why };
  const container = containerOf(bytes);
  const type = types[container];
  if (type === undefined) return { missing: 'no picture that a page can show' };
  const plain = plainFile(bytes);
  if (plain === undefined && hasTexts(bytes, container)) return { missing: 'the prompt in it cannot be taken out' };
  return { bytes: plain ?? bytes, type };
}

function hasTexts(bytes: Uint8Array, container: Container): boolean {
  try {
    return Object.keys(embeddedTexts(bytes, container)).length > 0;
  } catch {
    return true; // damaged: nobody knows
  }
}

export function metricFacts(metrics: Metrics | undefined): ComparedPictures['facts'] {
  if (metrics === undefined || !metrics.comparable) return [];
  if (metrics.equal) return [['samples', 'all the same']];
  const { ssim, worstTile, psnr, largest } = metrics;
  return [
    ...(ssim === undefined ? [] : [['SSIM', ssim.toFixed(6)] as const]),
    ...(worstTile === undefined
      ? []
      : [['worst tile', `${worstTile.ssim.toFixed(6)} at ${worstTile.x}, ${worstTile.y}`] as const]),
    ...(psnr === undefined ? [] : [['PSNR', `${psnr.toFixed(2)} dB`] as const]),
    ...(largest === undefined
      ? []
      : [['largest difference', `${largest}${largest <= 2 ? ' (rounding)' : ''}`] as const]),
  ];
}
