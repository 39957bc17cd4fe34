/** ComfyUI's rounding of 0..1 to 8 bits: times 255, limited, cut off. */
export function toBytes(samples: Float32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => Math.min(255, Math.max(0, sample * 255)));
}
