import { getConfigAll, getConfigMatching } from '../../git/config.js';
import type { Repository } from '../../git/repository.js';
import { type SourceRules, sourceRules } from '../../models/source-rules.js';
import { type TokenFor, tokensOf } from '../../models/source-token.js';

export interface SourceAccess {
  readonly rules: SourceRules;
  readonly tokenFor: TokenFor;
}

/**
 * From where this person fetches, and with which tokens: `comfy.source` and `comfy.<host>.token` of git config, and the environment.
 * Nothing of it can come with a cloned repository.
 * @throws InputError `comfy-source`
 */
export async function sourceAccess(
  repository: Repository,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SourceAccess> {
  const rules = sourceRules(await getConfigAll(repository, 'comfy.source'));
  const keys = await getConfigMatching(repository, '^comfy\\..+\\.token$');
  const tokens = [...keys].map(([key, token]) => [key.slice('comfy.'.length, -'.token'.length), token] as const);
  return { rules, tokenFor: tokensOf(env, new Map(tokens)) };
}
