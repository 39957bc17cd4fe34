import type { NamedModel } from './named-models.js';

/** A model file that a node loads. */
export interface ModelReference {
  /** Folder under ComfyUI's `models`; `undefined` where only the extension told that it is a model. */
  readonly folder: string | undefined;
  /** Relative to the folder, with `/`. Names of tiny autoencoders and of LoRAs in texts are stems: what names them has no extension. */
  readonly name: string;
  /** The value as it stands in the workflow; a server wants this spelling, separators included. */
  readonly value: string;
  /** Path of node ids, `12:5` inside a subgraph. */
  readonly node: string;
  readonly classType: string;
  readonly input: string;
  /** `true` where no table, no folder list and no word of the file names the folder. */
  readonly guess: boolean;
  /** `false` where the node is muted or bypassed, or the row of a stack is switched off. */
  readonly executed: boolean;
  /** The value stands for several files, or is a text that holds the name. */
  readonly part?: true;
  /** What the workflow says of the file. */
  readonly named?: NamedModel;
}
