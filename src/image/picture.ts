/** Decoded samples: interleaved, row by row from the top, no padding; 16-bit samples as numbers up to 65535. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly depth: 8 | 16;
  readonly samples: Uint8Array | Uint16Array;
}

/** What ComfyUI embedded, as text, exactly as stored. */
export interface EmbeddedTexts {
  readonly workflow?: string;
  readonly prompt?: string;
  /** What other programs write, in the style of A1111. */
  readonly parameters?: string;
}
