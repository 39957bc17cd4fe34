import type { MatchKind, RunRecord } from '../lineage/record.js';

const differs: Readonly<Record<MatchKind, string>> = {
  exact: '',
  seeds: ', but for the seed',
  derived: ', but for some values',
  uncommitted: '',
};

/** Which commit a run was matched to, and how well: `workflows/portrait.json at 43a57fa404, but for the seed`. */
export function recordedPlace({ commit, workflow, match }: Pick<RunRecord, 'commit' | 'workflow' | 'match'>): string {
  if (commit === undefined) return 'waiting for the first commit';
  const id = commit.slice(0, 10);
  if (match === 'uncommitted') return `a workflow that is not committed, noted at ${id}`;
  return `${workflow === undefined ? id : `${workflow.path} at ${id}`}${differs[match]}`;
}
