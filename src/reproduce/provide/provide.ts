import type { Repository } from '../../git/repository.js';
import type { Verifying } from '../verifying.js';
import { applySteps, type Outcome } from './apply.js';
import { type ProvidePlan, planProvide, type Wanted } from './plan.js';
import { sourceAccess } from './source-access.js';

export interface Providing extends Verifying {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly wanted: Wanted;
  readonly dryRun: boolean;
  /** Everything in the plan is agreed to. */
  readonly yes: boolean;
  /** Copy a model where no link can be made. */
  readonly copy: boolean;
  /** Shows the plan before anything is done. */
  readonly announce: (plan: ProvidePlan) => void;
}

export interface Provided {
  readonly plan: ProvidePlan;
  /** Absent after a dry run. */
  readonly outcomes?: readonly Outcome[];
}

/**
 * Brings models and packs of this machine to what is expected: plans, shows the plan, does it.
 * @throws what `planProvide` and `applySteps` throw
 */
export async function provide(
  repository: Repository,
  asked: string | undefined,
  providing: Providing,
): Promise<Provided> {
  const access = await sourceAccess(repository, providing.env);
  const { plan, left } = await planProvide(repository, asked, { ...providing, rules: access.rules });
  if (providing.dryRun) return { plan };
  providing.announce(plan);
  return { plan, outcomes: await applySteps(plan.steps, { ...providing, ...access, repository, left }) };
}
