import { rm } from 'node:fs/promises';
import { ComfyError, checkInterrupted, Interrupted } from '../../errors.js';
import { isPlaceholder, type LeftParts, removeNeedlessParts } from '../../models/left-parts.js';
import { type ApplyingModels, applyFetch, applyLink, checkRoom } from './apply-models.js';
import { type ApplyingPacks, applyCheckout } from './apply-pack.js';
import type { CheckoutStep, FetchStep, LinkStep, Step } from './steps.js';

export interface Applying extends ApplyingModels, ApplyingPacks {
  readonly left: LeftParts;
}

/** What became of a step. */
export interface Outcome {
  readonly step: Step;
  readonly done: boolean;
  /** `hard link`, `fetched` ..., or why not. */
  readonly text: string;
  readonly hint?: string;
}

/**
 * Does what a plan says, one thing after the other. Each is done whole or not at all; where one cannot be done the others still are.
 * @throws InputError `no-space` before anything is done; Interrupted
 */
export async function applySteps(steps: readonly Step[], options: Applying): Promise<Outcome[]> {
  await checkRoom(steps);
  await removeNeedlessParts(options.left);
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    checkInterrupted(options.signal);
    outcomes.push(await applyStep(step, options));
  }
  return outcomes;
}

async function applyStep(step: Step, options: Applying): Promise<Outcome> {
  if (step.kind === 'obstacle') return failed(step, step.text, step.hint);
  if (step.kind === 'ready') return { step, done: true, text: step.text };
  try {
    return { step, done: true, text: await applied(step, options) };
  } catch (error) {
    if (options.signal.aborted) throw new Interrupted();
    if (error instanceof Interrupted || !isFailure(error)) throw error;
    const hint = error instanceof ComfyError ? error.hint : undefined;
    return failed(step, (error as Error).message, hint);
  }
}

async function applied(step: LinkStep | FetchStep | CheckoutStep, options: Applying): Promise<string> {
  if (step.kind === 'checkout') return applyCheckout(step, options);
  if (await isPlaceholder(step.to, step)) await rm(step.to, { force: true });
  return step.kind === 'fetch' ? applyFetch(step, options) : applyLink(step, options);
}

/** An error that is about the files, the network or the repository, and none in this program. */
const isFailure = (error: unknown) =>
  error instanceof ComfyError || (error as NodeJS.ErrnoException).syscall !== undefined;

const failed = (step: Step, text: string, hint?: string): Outcome => ({
  step,
  done: false,
  text,
  ...(hint === undefined ? {} : { hint }),
});
