import type { Quirks } from '../../../src/comfyui/simulator/quirks.js';
import { type Alter, type Scene, safetensors } from '../../support/scene.js';
import { modelRows } from './models.js';
import { inputRows, severalRows } from './others.js';
import { comfyuiRows, packRows } from './packs.js';
import { answers, type Grade, nothing, type Row } from './row.js';

/** What changed since, the grade that verifying expects, and the one that the new picture gets; or the error that ends it. */
export interface ReproducedRow {
  readonly what: string;
  readonly change?: (scene: Scene) => void;
  readonly alter?: Alter;
  readonly quirks?: Quirks;
  readonly baseline?: boolean;
  readonly expected: Grade;
  readonly observed: Grade | { readonly error: string };
  /** Part of a reason that has to be given. */
  readonly because?: string;
}

const rows = [...modelRows, ...inputRows, ...packRows, ...comfyuiRows, ...severalRows];

/** A row of what verify says, with what becomes of the picture. */
function changed(what: string, observed: ReproducedRow['observed']): ReproducedRow {
  const row: Row | undefined = rows.find((candidate) => candidate.what === what);
  if (row === undefined) throw new Error(`there is no row "${what}"`);
  const { change, alter, grade, record } = row;
  return {
    what,
    ...(change === undefined ? {} : { change }),
    ...(alter === undefined ? {} : { alter }),
    expected: record?.grade ?? grade,
    observed,
  };
}

const quirk = (what: string, quirks: Quirks, observed: ReproducedRow['observed'], because?: string): ReproducedRow => ({
  what,
  quirks,
  expected: nothing.grade,
  observed,
  ...(because === undefined ? {} : { because }),
});

export const reproducedRows: readonly ReproducedRow[] = [
  { what: 'nothing', expected: 'full', observed: 'full' },
  changed('checkpoint replaced under its name', 'partial'),
  changed('VAE replaced by one of another size', 'approximate'),
  changed('same tensors under other metadata', 'full'),
  {
    what: 'the bytes of a checkpoint under other names of its tensors',
    change: (scene) => {
      const path = 'models/checkpoints/dream.safetensors';
      scene.put(path, Buffer.from(safetensors('dream').toString('latin1').replace('"weight"', '"height"'), 'latin1'));
    },
    // Nobody keeps the header, so verifying cannot know; the picture does.
    expected: 'full',
    observed: 'partial',
    because: 'same tensors as the record',
  },
  changed('one byte of a LoRA flipped', 'partial'),
  changed('LoRA renamed', 'full'),
  changed('LoRA moved into a sub-folder', 'full'),
  changed('LoRA moved to a folder of another type', { error: 'prompt-refused' }),
  changed('LoRA deleted', { error: 'prompt-refused' }),
  changed('checkpoint moved away, and a link left in its place', 'full'),
  changed('checkpoint cut short, as by a full disk', 'partial'),
  changed('checkpoint replaced, and kept under another name', 'full'),
  changed('two LoRAs swapped', 'full'),
  changed('embedding replaced', 'partial'),
  changed('checkpoint touched, its content the same', 'full'),
  // The sampler denoises all of it, so the input does not show: the same samples, and not verified.
  changed('input edited', 'approximate'),
  changed('input deleted', { error: 'prompt-refused' }),
  changed('input moved', 'full'),
  changed('input replaced, and kept under another name', 'full'),
  changed('pack updated to another commit', 'approximate'),
  changed('pack edited locally', 'approximate'),
  changed('pack on another branch at the same commit', 'full'),
  changed('pack disabled by its folder name', { error: 'class-missing' }),
  changed('pack uninstalled', { error: 'class-missing' }),
  changed('registry pack updated to another version', 'approximate'),
  changed('ComfyUI updated to another commit', 'approximate'),
  changed('server of another version than its folder', 'approximate'),
  changed('three weeks: checkpoint replaced, LoRA renamed, pack updated, workflow edited', 'partial'),
  {
    what: 'an input of a node renamed',
    alter: answers('/object_info', /"strength"/g, '"amount"'),
    expected: 'approximate',
    observed: { error: 'interface-changed' },
  },
  quirk('a GPU: rounding', { noise: 1 }, 'approximate', 'same but for rounding'),
  quirk('a GPU that is far off', { noise: 160 }, 'partial', 'is below 0.95'),
  {
    ...quirk('a GPU, measured against itself', { noise: 3 }, 'approximate', 'this server is unstable'),
    baseline: true,
  },
  quirk('a node that fails', { failing: ['KSampler'] }, { error: 'run-failed' }),
  quirk('a connection that breaks', { drops: 3 }, 'full'),
  quirk('a slow server', { slow: 5 }, 'full'),
  quirk('a server that forgets the run, as in a restart', { forgets: true }, { error: 'run-lost' }),
  quirk('a history with another prompt', { otherPrompt: true }, 'partial', 'another prompt than it was given'),
];
