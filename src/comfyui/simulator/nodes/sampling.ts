import { type Inputs, inputOf, type NodeClass, numberOf, seedOf, textOf, type Work } from '../node-class.js';
import { preview } from '../preview.js';
import { type Sampling, sample } from '../sample.js';
import type { Latent } from '../values.js';

function sampling(inputs: Inputs, seed: string, denoise: number): Sampling {
  return {
    model: inputOf(inputs, 'model', 'model'),
    positive: inputOf(inputs, 'positive', 'conditioning'),
    negative: inputOf(inputs, 'negative', 'conditioning'),
    seed: seedOf(inputs, seed),
    steps: numberOf(inputs, 'steps'),
    cfg: numberOf(inputs, 'cfg'),
    method: `${textOf(inputs, 'sampler_name')} ${textOf(inputs, 'scheduler')}`,
    denoise,
  };
}

/** The steps are only told: the picture is painted at once, so that a run takes no longer than it has to. */
async function run(latent: Latent, settings: Sampling, work: Work): Promise<{ outputs: Latent[] }> {
  for (let step = 1; step <= settings.steps; step++) await work.step(step, settings.steps, preview);
  const { width, height } = latent;
  const frames = latent.frames.map((frame, index) => sample({ width, height, samples: frame }, settings, index));
  return { outputs: [{ kind: 'latent', width, height, frames }] };
}

/** Which part of the whole a range of steps is. */
function shareOfSteps(inputs: Inputs): number {
  const steps = numberOf(inputs, 'steps');
  const end = Math.min(steps, numberOf(inputs, 'end_at_step'));
  return Math.max(0, end - numberOf(inputs, 'start_at_step')) / steps;
}

export const samplers: Readonly<Record<string, NodeClass>> = {
  KSampler: {
    run: (inputs, work) =>
      run(inputOf(inputs, 'latent_image', 'latent'), sampling(inputs, 'seed', numberOf(inputs, 'denoise')), work),
  },
  KSamplerAdvanced: {
    run: (inputs, work) =>
      run(inputOf(inputs, 'latent_image', 'latent'), sampling(inputs, 'noise_seed', shareOfSteps(inputs)), work),
  },
};
