import { serversFor } from '../capture/server-choice.js';
import { watch } from '../capture/watch.js';
import type { Seen } from '../capture/watch-stage.js';
import { serverName } from '../comfyui/server-address.js';
import { openWorkTree } from '../git/repository.js';
import { trackedWorkflows } from '../git/tracked.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command } from './command.js';
import { listOption } from './list-option.js';
import { noneTracked } from './none-tracked.js';

export const watchCommand: Command = {
  name: 'watch',
  group: 'everyday',
  summary: 'record every run of your workflows, whoever queues them',
  about:
    'Follows the server and records each run as it ends: queued in the browser, by a script, by somebody else. A run counts as yours when its workflow is one of a ' +
    'commit or of the work tree (seeds and other values aside), or has the id of a tracked one. What the server remembers from before is taken in first; models and packs ' +
    'of those runs are not captured, since nobody looked. Stop it with Ctrl-C.',
  arguments: [],
  options: [
    { flags: '--all', about: 'every run of the server, also of workflows that are not in this repository' },
    { flags: '--once', about: 'take in what the server remembers, and end' },
    {
      flags: '--server <address>',
      about: 'ComfyUI, such as http://127.0.0.1:8188; may be given several times, as git config comfy.server may',
      many: true,
    },
  ],
  examples: ['git comfy watch', 'git comfy watch --all --server http://render:8188'],
  run: async (context, input) => {
    const { cwd, env, signal, talk } = context;
    const json = input.options['json'] === true;
    const counts = { recorded: 0, cached: 0, foreign: 0, failed: 0 };
    const runs: unknown[] = [];
    const repository = await openWorkTree(cwd);
    const servers = await serversFor(repository, { flags: listOption(input, 'server'), env, signal });
    const names = servers.map(serverName).join(' and ');
    const onSeen = async (seen: Seen) => {
      count(counts, seen);
      const line = lineOf(seen, servers.length > 1);
      if (json) runs.push(shown(seen));
      else if (line !== undefined) await context.write(`${line}\n`);
      talk.progress({ label: `watching ${names}`, done: counts.recorded, unit: 'count' });
    };
    const all = input.options['all'] === true;
    const once = input.options['once'] === true;
    talk.say(once ? `taking in the history of ${names}` : `watching ${names}; Ctrl-C ends it`);
    if (!all && (await trackedWorkflows(repository)).length === 0)
      talk.say(`${noneTracked}; no run is of this repository`);
    await watch(repository, servers, { all, once, onSeen }, context);
    talk.progress(undefined);
    return { result: { ...counts, runs }, text: json ? '' : summary(counts) };
  },
};

type Counts = Record<'recorded' | 'cached' | 'foreign' | 'failed', number>;

function count(counts: Counts, seen: Seen): void {
  if (seen.kind === 'recorded') counts[seen.alreadyRecorded === true ? 'cached' : 'recorded']++;
  if (seen.kind === 'failed') counts.failed++;
  if (seen.kind === 'left' && seen.why === 'foreign') counts.foreign++;
}

function lineOf(seen: Seen, several: boolean): string | undefined {
  if (seen.kind === 'left') return undefined;
  const at = several ? `${seen.server}: ` : '';
  if (seen.kind === 'failed') return safeLine(`${at}not recorded: ${seen.text}`);
  const files = seen.record.outputs.map(({ name }) => name).join(' ');
  const place = seen.alreadyRecorded === true ? 'from the cache, recorded already' : recordedPlace(seen.record);
  return safeLine(`${at}${files === '' ? 'no output file' : files}  ${place}`);
}

function shown(seen: Seen): unknown {
  if (seen.kind !== 'recorded') return seen;
  const { kind, promptId, server, id, record, alreadyRecorded } = seen;
  const { commit, workflow, match, outputs } = record;
  const run = { kind, promptId, server, record: id, commit, workflow, match, outputs };
  return { ...run, alreadyRecorded: alreadyRecorded === true };
}

const summary = ({ recorded, cached, foreign, failed }: Counts) =>
  [
    `${plural(recorded, 'run')} recorded`,
    ...(cached > 0 ? [`${cached} served from the cache`] : []),
    ...(foreign > 0 ? [`${foreign} of other workflows left alone (--all records them)`] : []),
    ...(failed > 0 ? [`${failed} made nothing to record`] : []),
  ].join(', ');
