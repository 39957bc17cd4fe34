import type { Context } from '../context.js';
import { getConfig, getLocalConfig } from '../git/config.js';
import { isRemote } from '../git/remote.js';
import type { Repository } from '../git/repository.js';
import { sync } from '../sharing/sync.js';
import { nothing, type Plan } from './plan.js';

/** Lineage goes along with `git push`, where somebody has asked for it; true or false. */
export const pushLineageKey = 'comfy.pushLineage';

export async function pushesLineage(repository: Repository): Promise<boolean> {
  const value = await getConfig(repository, pushLineageKey);
  // A key without a value is true to git.
  return value !== undefined && /^(?:true|yes|on|1|)$/i.test(value);
}

export async function planPushLineage(repository: Repository): Promise<Plan> {
  if (await pushesLineage(repository)) return nothing;
  const about = 'send lineage along with every git push';
  return { steps: [{ do: 'set-config', key: pushLineageKey, value: 'true', about }], remarks: [] };
}

export async function planPushLineageRemoval(repository: Repository): Promise<Plan> {
  if ((await getLocalConfig(repository, pushLineageKey)).length === 0) return nothing;
  const about = 'send lineage along with git push no more';
  return { steps: [{ do: 'unset-config', key: pushLineageKey, about }], remarks: [] };
}

/**
 * Before git pushes to a remote: exchanges lineage with it too. Returns lines for the person; a failure is one, and never stops the push.
 * @param remote as git names it: an address that is no remote's name is left alone
 * @param command what the person typed, where the system tells: git runs the hook for a dry run too
 */
export async function syncBeforePush(
  tools: Pick<Context, 'cwd' | 'signal'>,
  repository: Repository,
  { remote, command }: { readonly remote: string; readonly command: string },
): Promise<string[]> {
  if (/ (?:--dry-run|-[a-z46]*n[a-z46]*)(?= |$)/.test(command)) return [];
  if (!(await pushesLineage(repository)) || !(await isRemote(repository, remote))) return [];
  const { sent, received } = await sync(tools, remote);
  const lines = [
    sent.lines > 0 ? `${sent.lines} sent to` : '',
    received.lines > 0 ? `${received.lines} came from` : '',
  ];
  const said = lines.filter((line) => line !== '');
  return said.length === 0 ? [] : [`records: ${said.join(', ')} ${remote}`];
}
