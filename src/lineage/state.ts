import type { Dependencies } from '../lock/entries.js';

/** Tier 3 of product.md: what else decides a picture. Absent fields were not captured. */
export interface Environment {
  readonly comfyui?: string;
  readonly python?: string;
  readonly torch?: string;
  readonly os?: string;
  /** Names of devices, e.g. `cuda:0 NVIDIA GeForce RTX 4090`, `cpu`. */
  readonly devices?: readonly string[];
  readonly vramTotal?: number;
  /** Server arguments that are not paths, ports or addresses. */
  readonly arguments?: readonly string[];
  /** By normalised name (`huggingface-hub`), every package of the server's Python. */
  readonly packages?: Readonly<Record<string, string>>;
  /** The operating system with its version, e.g. `Linux-6.1.0-x86_64-with-glibc2.36`. */
  readonly system?: string;
  /** The processor, with the instructions that torch uses of it. */
  readonly cpu?: string;
  /** Of torch's build, e.g. `12.8`; of its cuDNN as a number, e.g. `91002`. */
  readonly cuda?: string;
  readonly rocm?: string;
  readonly cudnn?: string;
  /** E.g. `NVIDIA 570.86.10`. */
  readonly driver?: string;
  /** What torch and ComfyUI were set to: `cudnn.benchmark`, `attention`, `threads` ... */
  readonly flags?: Readonly<Record<string, string>>;
  /** Version of the capture pack, where it told this. */
  readonly pack?: string;
  /** The server says of itself that it is a simulation. */
  readonly simulated?: true;
  /** Field name -> why it was not captured. */
  readonly notCaptured?: Readonly<Record<string, string>>;
}

/** Models, packs, inputs and environment as observed at a run; stored once by content. */
export interface State extends Dependencies {
  readonly state: 1;
  /** Who read models, packs and inputs: the capture pack on the server's machine; we, on this machine's disk, where absent. */
  readonly observedBy?: 'pack';
  readonly environment: Environment;
  /** Execution order and what came from the server's cache are of the run, so they stand in the snapshot, not here. */
}
