import { nodeName } from '../comfyui/node-name.js';
import type { Queued } from '../comfyui/refusal.js';
import type { RunOptions } from '../comfyui/run-prompt.js';
import type { Talk } from '../context.js';

/** Tells how far a run is: by node, with the title that the person knows it by; before that, how many runs it waits for. */
export function tellRun(
  { prompt, workflow }: Queued,
  talk: Talk,
): Required<Pick<RunOptions, 'onProgress' | 'onWaiting'>> {
  return {
    onProgress: ({ node, done, total }) => {
      const step = { label: nodeName(node, prompt, workflow), done: done ?? 0, unit: 'count' as const };
      talk.progress(total === undefined ? step : { ...step, total });
    },
    onWaiting: (before) => {
      const label = before === 1 ? 'waiting for a run before it' : `waiting for ${before} runs before it`;
      talk.progress({ label, done: 0, unit: 'count' });
    },
  };
}
