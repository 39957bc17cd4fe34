/** One frame: `channels` values a point, row by row. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

export type Method = 'nearest' | 'linear' | 'area';

/** Another size of the same frame. Only three of ComfyUI's methods are told apart. */
export function resize(frame: Frame, width: number, height: number, method: Method): Float32Array {
  if (frame.width === width && frame.height === height) return frame.samples.slice();
  const channels = frame.samples.length / (frame.width * frame.height);
  const out = new Float32Array(width * height * channels);
  const columns = taps(frame.width, width, method);
  const rows = taps(frame.height, height, method);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (const [row, down] of rows[y] ?? []) {
          for (const [column, across] of columns[x] ?? []) {
            sum += down * across * (frame.samples[(row * frame.width + column) * channels + channel] ?? 0);
          }
        }
        out[(y * width + x) * channels + channel] = sum;
      }
    }
  }
  return out;
}

/** For each point of the target: which points of the source count, and how much. */
function taps(from: number, to: number, method: Method): [number, number][][] {
  return Array.from({ length: to }, (_, at) => {
    const centre = ((at + 0.5) * from) / to;
    if (method === 'nearest') return [[Math.min(from - 1, Math.floor(centre)), 1]];
    if (method === 'area' && from > to) return areaTaps(from, to, at);
    const place = Math.min(Math.max(centre - 0.5, 0), from - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, from - 1);
    return [
      [low, 1 - (place - low)],
      [high, place - low],
    ];
  });
}

function areaTaps(from: number, to: number, at: number): [number, number][] {
  const first = Math.floor((at * from) / to);
  const last = Math.max(first + 1, Math.ceil(((at + 1) * from) / to));
  return Array.from({ length: last - first }, (_, step) => [first + step, 1 / (last - first)]);
}
