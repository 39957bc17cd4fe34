import type { Json } from './json.js';

/** One input of a node class, as `/object_info` describes it. */
export interface InputSpec {
  readonly name: string;
  /** `INT`, `MODEL`, `COMBO`, `COMFY_DYNAMICCOMBO_V3` ...; a list-typed spec is `COMBO`. */
  readonly type: string;
  readonly section: 'required' | 'optional';
  /** For a combo: what may be chosen, if the server says. */
  readonly choices?: readonly Json[];
  /** The options object of the spec, as written. */
  readonly options: ReadonlyMap<string, Json>;
}

export interface NodeInterface {
  readonly classType: string;
  readonly displayName?: string;
  /** `nodes`, `comfy_extras.nodes_flux`, `custom_nodes.<folder>`. */
  readonly pythonModule?: string;
  readonly outputNode: boolean;
  /** In `input_order`, required first. */
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
}

/** By class name. */
export type ObjectInfo = ReadonlyMap<string, NodeInterface>;
