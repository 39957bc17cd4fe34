import type { Picture } from './picture.js';

/**
 * The same picture without an alpha channel that is opaque throughout. Programs add and drop such a channel freely, so it is no part of what
 * a picture is; one transparent pixel keeps it.
 */
export function withoutOpaqueAlpha(picture: Picture): Picture {
  if (picture.channels % 2 === 1 || !opaque(picture)) return picture;
  const kept = (picture.channels - 1) as 1 | 3;
  const pixels = picture.width * picture.height;
  const samples = picture.depth === 16 ? new Uint16Array(pixels * kept) : new Uint8Array(pixels * kept);
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from++) {
    for (let c = 0; c < kept; c++) samples[to++] = picture.samples[from++] as number;
  }
  return { ...picture, channels: kept, samples };
}

function opaque({ samples, channels, depth }: Picture): boolean {
  const full = depth === 16 ? 65535 : 255;
  for (let at = channels - 1; at < samples.length; at += channels) if (samples[at] !== full) return false;
  return true;
}
