/** A ComfyUI server. */
export interface Server {
  /** `http://host:port` or with a path, without a final slash and without credentials: safe to print. */
  readonly url: string;
  /** Value of the `Authorization` header, for servers behind a proxy; never printed, never recorded. */
  readonly authorization?: string;
}

/** A file that an output node reported. */
export interface OutputFile {
  readonly node: string;
  /** Key in the node's ui output (`images`, `gifs`, `audio` ...) and position in that list. */
  readonly key: string;
  readonly index: number;
  readonly filename: string;
  readonly subfolder: string;
  readonly type: 'output' | 'temp' | 'input';
}
