import type { Server } from '../comfyui/server.js';
import { serverName } from '../comfyui/server-address.js';
import type { Repository } from '../git/repository.js';
import { beforeRunning } from './before-running.js';
import type { Original } from './original.js';
import { originalFile } from './original-file.js';
import { planReproduction } from './plan-reproduction.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { Reproduction } from './reproduction.js';
import { type Verification, verifyOriginal } from './verify-original.js';

/** Without a server it is for a private one, which does not run yet. */
export type DryRun = Omit<ReproduceOptions, 'server'> & { readonly server?: Server };

/**
 * What a reproduction would do, and what can be expected of it; nothing is queued.
 * @param at the commit, and where it is checked out
 */
export async function dryRun(
  repository: Repository,
  original: Original,
  at: { readonly commit: string; readonly tree: string },
  options: DryRun,
): Promise<Reproduction> {
  const verified = await verifyOriginal(repository, original, at.tree, options);
  return { ...beforeRunning(original, verified), plan: await planOf(at.commit, original, verified, options) };
}

async function planOf(commit: string, original: Original, verified: Verification, options: DryRun) {
  const { server, outputFolder: folder, signal, repeat, baseline } = options;
  const kept = new Set<string>();
  for (const output of original.outputs) {
    const file = await originalFile(output, original.file, { server, folder, signal });
    if (file !== undefined) kept.add(output.sha256);
  }
  const times = (repeat ?? 1) * (baseline === true ? 2 : 1);
  const isKept = ({ sha256 }: { readonly sha256: string }) => kept.has(sha256);
  const where = server === undefined ? 'a private ComfyUI' : serverName(server);
  const whenItRuns = server === undefined ? ['packs', 'nodes', 'environment'] : [];
  return planReproduction(original, verified, { commit, server: where, times, isKept, whenItRuns });
}
