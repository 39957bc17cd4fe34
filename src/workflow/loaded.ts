import type { ObjectInfo } from './interfaces.js';
import type { WidgetNames } from './node-values.js';
import type { Places } from './places.js';

/** A workflow as the frontend has it in memory: unfolded, with what is known of its classes. */
export interface Loaded {
  readonly places: Places;
  readonly info: ObjectInfo | undefined;
  readonly names: WidgetNames | undefined;
}
