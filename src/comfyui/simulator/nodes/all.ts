import type { NodeClass } from '../node-class.js';
import { conditioning } from './conditioning.js';
import { files } from './files.js';
import { latents } from './latents.js';
import { loaders } from './loaders.js';
import { pictures } from './pictures.js';
import { primitives } from './primitives.js';
import { samplers } from './sampling.js';

/** The core classes that the simulator can run, by name. */
export const coreClasses: Readonly<Record<string, NodeClass>> = {
  ...loaders,
  ...conditioning,
  ...latents,
  ...samplers,
  ...pictures,
  ...primitives,
  ...files,
};
