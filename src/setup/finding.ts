/** One point of the setup, as `doctor` finds it. */
export interface Finding {
  /** `note` is good to know and no fault. */
  readonly state: 'fine' | 'wrong' | 'mended' | 'note';
  readonly text: string;
  readonly hint?: string;
}
