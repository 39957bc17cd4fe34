import type { Talk } from '../../context.js';
import { ComfyError } from '../../errors.js';
import type { Repository } from '../../git/repository.js';
import { readConsents, rememberConsent } from '../provide/consents.js';
import type { PrivatePlan } from './plan-private.js';

/**
 * Asks once for each repository and commit whether its code may run here. What the user's own ComfyUI runs at that very commit is not asked about.
 * @throws ComfyError `not-agreed`
 */
export async function needAgreement(
  repository: Repository,
  { foreign }: PrivatePlan,
  { talk, yes }: { readonly talk: Talk; readonly yes: boolean },
): Promise<void> {
  const hasAgreed = await readConsents(repository, 'run');
  const asked = foreign.filter((code) => !hasAgreed(code));
  if (asked.length === 0) return;
  const names = asked.map(
    ({ key, repository: from, commit }) =>
      `${key === 'comfyui' ? 'ComfyUI' : `pack ${key}`} from ${from} at ${commit.slice(0, 12)}`,
  );
  if (
    !yes &&
    !(await talk.confirm(`run ${names.join(', ')}? It is code of other people, and can do whatever you can`))
  ) {
    throw new ComfyError('not-agreed', `nobody has agreed to run ${names.join(', ')}`, {
      hint: 'look at it there; then answer on a terminal, or in a script: git comfy reproduce --packs=worktree --yes ...',
    });
  }
  for (const code of asked) await rememberConsent(repository, code, true);
}
