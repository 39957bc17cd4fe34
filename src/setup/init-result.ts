/** What `init` found and did, or would do. */
export interface InitResult {
  readonly top: string;
  readonly comfyui?: string;
  readonly patterns: readonly string[];
  /** Workflow files that were found. */
  readonly workflows: readonly string[];
  /** What was done, or would be; empty where all was as it should be. */
  readonly steps: readonly string[];
  readonly remarks: readonly string[];
  /** Commands that the person should type. */
  readonly next: readonly string[];
  readonly dryRun: boolean;
}
