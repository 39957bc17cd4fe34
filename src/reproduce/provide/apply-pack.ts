import type { Talk } from '../../context.js';
import { ComfyError, InputError } from '../../errors.js';
import { checkoutForeign } from '../../git/checkout-foreign.js';
import type { Repository } from '../../git/repository.js';
import { privateAddressOf } from '../../models/public-lookup.js';
import { isConfigured, type SourceRules } from '../../models/source-rules.js';
import { rememberConsent } from './consents.js';
import type { CheckoutStep } from './steps.js';

export interface ApplyingPacks {
  readonly repository: Repository;
  readonly talk: Talk;
  /** The person has said on the command line that everything in the plan is agreed to. */
  readonly yes: boolean;
  readonly rules: SourceRules;
  readonly signal: AbortSignal;
}

/**
 * Checks a pack out, once the person has agreed to that repository at that commit. Nothing of it runs.
 * @returns where it came from, in words
 * @throws ComfyError `not-agreed`; what `checkoutForeign` throws
 */
export async function applyCheckout(step: CheckoutStep, options: ApplyingPacks): Promise<string> {
  await needConsent(step, options);
  return checkOut(step, options);
}

/**
 * As `applyCheckout`, for what the person has agreed to already.
 * @throws InputError `source-refused`; what `checkoutForeign` throws
 */
export async function checkOut(
  step: CheckoutStep,
  options: Omit<ApplyingPacks, 'yes' | 'repository'>,
): Promise<string> {
  await refusePrivateHost(step, options.rules);
  options.talk.progress({ label: `checking out ${step.key}`, done: 0, unit: 'count' });
  const from = await checkoutForeign({ ...step, url: step.repository, signal: options.signal });
  options.talk.progress(undefined);
  return `checked out from ${from === 'clone' ? 'your own clone' : step.repository}`;
}

/** A public name may still lead to this machine or its network; git does not look. */
async function refusePrivateHost({ protocol, repository }: CheckoutStep, rules: SourceRules): Promise<void> {
  if (protocol === 'ssh' || !URL.canParse(repository) || isConfigured(new URL(repository), rules)) return;
  const { hostname, origin } = new URL(repository);
  const address = await privateAddressOf(hostname);
  if (address === undefined) return;
  throw new InputError('source-refused', `nothing is cloned from ${hostname}: it is the private address ${address}`, {
    hint: `if you trust it: git config --add comfy.source ${origin}`,
  });
}

async function needConsent(step: CheckoutStep, { repository, talk, yes }: ApplyingPacks): Promise<void> {
  if (step.agreed) return;
  const what = `${step.repository} at ${step.commit.slice(0, 12)}`;
  if (!yes && !(await talk.confirm(`check out ${what}? It is code of other people; it is not run now`))) {
    throw new ComfyError('not-agreed', `nobody has agreed to check out ${what}`, {
      hint: 'look at it there; then, on a terminal: git comfy provide --packs   in a script: git comfy provide --packs --yes',
    });
  }
  await rememberConsent(repository, step);
}
