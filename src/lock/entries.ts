/** `sha256:<64 hex digits>` of a whole file. */
export type Digest = `sha256:${string}`;

/** One model file as locked or as observed. Keys of maps of these are `<folder>/<name>` with `/`, e.g. `loras/style/ink.safetensors`. */
export interface ModelEntry {
  /** `unhashed`: there, not read yet; `missing`: referenced, and no such file. */
  readonly digest: Digest | 'unhashed' | 'missing';
  readonly size?: number;
  /** Of what follows the header of a safetensors file. */
  readonly tensors?: Digest;
  /** Of an `unhashed` file, and only as observed: contents known from elsewhere that have its size, head and tail. */
  readonly alike?: readonly Digest[];
  /** The reference was found by its extension only. */
  readonly guess?: true;
  /** Only muted or bypassed nodes, or rows that are switched off, name it. */
  readonly executed?: false;
  /** Addresses that the workflow itself names; nobody vouches for what is there. */
  readonly sources?: readonly string[];
  readonly license?: string;
}

/** A pack, or ComfyUI itself. Fields that could not be captured are absent; `notCaptured` says why. */
export interface PackEntry {
  readonly repository?: string;
  /** For people; the commit is what counts. */
  readonly branch?: string;
  readonly commit?: string;
  /** Over lines `<mode> <sha256 or deleted> <path>\n` of changed and untracked files, by path bytes. */
  readonly dirty?: Digest;
  /** Same lines over all files, for a pack without git. */
  readonly tree?: Digest;
  /** `id@version` of the ComfyUI registry. */
  readonly registry?: string;
  readonly version?: string;
  readonly missing?: true;
  /** Installed, and switched off: ComfyUI does not load it. */
  readonly disabled?: true;
  /** Neither a server, nor the workflow, nor the pack's own mappings say that a class is of this pack. */
  readonly guess?: true;
  readonly notCaptured?: string;
}

export interface InputEntry {
  /** As of a model; of a folder over lines as of a pack's tree. */
  readonly digest: Digest | 'unhashed' | 'missing';
  /** Its name looks like a file's, and nobody says that it is one of the input folder. */
  readonly guess?: true;
}

/** The interface of a node class. */
export interface ClassEntry {
  /** Key in `packs`, or `comfyui`. */
  readonly pack?: string;
  /** First 16 hex digits of SHA-256, see `interfaceDigest`. */
  readonly interface: string;
  /** In the order of `widgets_values`, companions such as `control_after_generate` included. */
  readonly widgets: readonly string[];
}

/** What workflows depend on: as locked (`comfy.lock`), as observed now, or as it was at a run (a state). */
export interface Dependencies {
  readonly comfyui?: PackEntry;
  readonly models: ReadonlyMap<string, ModelEntry>;
  readonly packs: ReadonlyMap<string, PackEntry>;
  readonly inputs: ReadonlyMap<string, InputEntry>;
  readonly classes: ReadonlyMap<string, ClassEntry>;
}

/** `comfy.lock`. */
export interface Lock extends Dependencies {
  readonly lockfileVersion: 1;
  /** By path in the repository: the keys of what each tracked workflow uses. */
  readonly workflows: ReadonlyMap<string, WorkflowNeeds>;
}

export interface WorkflowNeeds {
  readonly models: readonly string[];
  readonly inputs: readonly string[];
  readonly classes: readonly string[];
}
