/** What comparing two pictures measured. */
export interface Metrics {
  /** Same size and number of channels; if not, nothing else is measured. */
  readonly comparable: boolean;
  /** Every sample is the same. */
  readonly equal: boolean;
  /** Largest difference of two samples, in steps of the bit depth. */
  readonly largest?: number;
  /** Decibels; absent where the pictures are equal (infinite). */
  readonly psnr?: number;
  /** Structural similarity, skimage's defaults; absent where the picture is smaller than the 7 x 7 window. */
  readonly ssim?: number;
  /** Smallest mean of the SSIM map over 64 x 64 tiles, and where its upper left corner is. */
  readonly worstTile?: { readonly ssim: number; readonly x: number; readonly y: number };
}
