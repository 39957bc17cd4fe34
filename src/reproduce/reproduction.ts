import type { Grade } from '../lineage/record.js';
import type { Difference } from '../lock/drift.js';
import type { Noise } from './compare-all.js';
import type { ComparedOutput } from './compare-outputs.js';
import type { Original } from './original.js';
import type { ReproductionPlan } from './plan-reproduction.js';

/** What was expected of a reproduction, what was done, and what came of it. */
export interface Reproduction {
  /** Id of the record that was made again. */
  readonly original: string;
  readonly found: Original['how'];
  /** Of the recorded outputs that are made again. */
  readonly names: readonly string[];
  /** Where it came from: `workflows/portrait.json`, and the commit that was checked out. */
  readonly workflow?: string;
  readonly commit?: string;
  readonly expected: { readonly grade: Grade; readonly differences: readonly Difference[] };
  /** What is done so that it runs here: a model under another name, an input uploaded again. */
  readonly adapted: readonly string[];
  /** Only of a dry run. */
  readonly plan?: ReproductionPlan;
  /** Absent where it stopped before the run. */
  readonly run?: {
    readonly server: string;
    readonly promptId: string;
    /** Milliseconds. */
    readonly duration: number;
    /** Nodes that matter and came from the server's cache: with any of them nothing is proven. */
    readonly cached: readonly string[];
  };
  readonly outputs?: readonly ComparedOutput[];
  /** Names of what the new run made and the record does not have. */
  readonly extra?: readonly string[];
  /** With a baseline: two runs in a row gave the same samples. */
  readonly stable?: boolean;
  readonly noise?: Noise;
  readonly grade?: Grade;
  /** Why the grade is not better, one line each. */
  readonly reasons: readonly string[];
  /** Id of the record of the reproduction. */
  readonly recorded?: string;
}

/** A run that could not be made again, and why. */
export interface FailedReproduction {
  readonly original: string;
  readonly names: readonly string[];
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** A server that made nothing, or not to the end. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface AllReproduced {
  readonly reproductions: readonly Reproduction[];
  readonly failed: readonly FailedReproduction[];
  /** Only where there were several. */
  readonly leftOut?: readonly LeftOut[];
}
