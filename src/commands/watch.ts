import { serverFor } from '../capture/server-choice.js';
import { watch } from '../capture/watch.js';
import type { Seen } from '../capture/watch-stage.js';
import { serverName } from '../comfyui/server-address.js';
import { openWorkTree } from '../git/repository.js';
import { recordedPlace } from '../terminal/recorded-place.js';
import { safeLine } from '../terminal/safe.js';
import { plural } from '../terminal/units.js';
import type { Command, Input } from './command.js';

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
    { flags: '--server <address>', about: 'ComfyUI, such as http://127.0.0.1:8188' },
  ],
  examples: ['git comfy watch', 'git comfy watch --all --server http://render:8188'],
  run: async (context, input) => {
    const json = input.options['json'] === true;
    const counts = { recorded: 0, foreign: 0, failed: 0 };
    const runs: unknown[] = [];
    const repository = await openWorkTree(context.cwd);
    const server = await serverFor(repository, {
      flag: text(input, 'server'),
      env: context.env,
      signal: context.signal,
    });
    const onSeen = async (seen: Seen) => {
      if (seen.kind === 'recorded') counts.recorded++;
      if (seen.kind === 'failed') counts.failed++;
      if (seen.kind === 'left' && seen.why === 'foreign') counts.foreign++;
      const line = lineOf(seen);
      if (json) runs.push(shown(seen));
      else if (line !== undefined) await context.write(`${line}\n`);
      context.talk.progress({ label: `watching ${serverName(server)}`, done: counts.recorded, unit: 'count' });
    };
    context.talk.say(`watching ${serverName(server)}; Ctrl-C ends it`);
    const wishes = { all: input.options['all'] === true, once: input.options['once'] === true, onSeen };
    await watch(repository, server, wishes, context);
    context.talk.progress(undefined);
    return { result: { ...counts, runs }, text: json ? '' : summary(counts) };
  },
};

const text = ({ options }: Input, name: string) => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

function lineOf(seen: Seen): string | undefined {
  if (seen.kind === 'left') return undefined;
  if (seen.kind === 'failed') return safeLine(`not recorded: ${seen.text}`);
  const files = seen.record.outputs.map(({ name }) => name).join(' ');
  const place = seen.alreadyRecorded === true ? 'from the cache, recorded already' : recordedPlace(seen.record);
  return safeLine(`${files === '' ? 'no output file' : files}  ${place}`);
}

function shown(seen: Seen): unknown {
  if (seen.kind !== 'recorded') return seen;
  const { kind, promptId, id, record, alreadyRecorded } = seen;
  const { commit, workflow, match, outputs } = record;
  return { kind, promptId, record: id, commit, workflow, match, outputs, alreadyRecorded: alreadyRecorded === true };
}

const summary = ({ recorded, foreign, failed }: Record<'recorded' | 'foreign' | 'failed', number>) =>
  [
    `${plural(recorded, 'run')} recorded`,
    ...(foreign > 0 ? [`${foreign} of other workflows left alone (--all records them)`] : []),
    ...(failed > 0 ? [`${failed} made nothing to record`] : []),
  ].join(', ');
