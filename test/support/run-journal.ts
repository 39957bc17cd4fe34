// What the capture pack writes down of runs, line by line.
import { createHash } from 'node:crypto';
import { promptText, type Settings, workflowText } from './run-facts.js';

const hex = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

export interface JournalledRun extends Settings {
  readonly id?: string;
  readonly status?: string;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly embedded?: boolean;
  /** Files below the output folder; `undefined` for one that was gone before it was hashed. */
  readonly outputs?: Readonly<Record<string, Buffer | undefined>>;
  readonly models?: Readonly<Record<string, object>>;
  readonly cached?: readonly string[];
}

/** The lines of one run: machine, prompt, run. */
export function journalLines(run: JournalledRun = {}): object[] {
  const { id = 'run-1', status = 'success', start = Date.parse('2026-11-21T12:00:00Z'), cached = [] } = run;
  const document = {
    prompt: JSON.parse(promptText(run)),
    ...(run.embedded === false ? {} : { workflow: JSON.parse(workflowText(run)) }),
  };
  const environment = {
    ...{ comfyui: '0.8.0', python: '3.11.7 (main)', torch: '2.9.1', os: 'linux', cpu: 'EPYC', device: 'cpu' },
    ...{ packages: { numpy: '2.4.6' }, flags: { threads: '2' }, arguments: ['--cpu', '--disable-metadata'] },
  };
  const outputs = Object.entries(run.outputs ?? {}).map(([name, bytes], index) => ({
    ...{ node: '9', index, name },
    ...(bytes === undefined ? {} : { size: bytes.length, sha256: hex(bytes) }),
  }));
  const prompt = `sha256:${hex(JSON.stringify(document))}`;
  return [
    { journal: 1, kind: 'environment', id: 'sha256:machine', pack: '1.0.0', environment },
    { journal: 1, kind: 'prompt', id: prompt, ...document },
    {
      ...{
        journal: 1,
        kind: 'run',
        prompt_id: id,
        status,
        start,
        end: start + 1500,
        prompt,
        environment: 'sha256:machine',
      },
      ...{ order: ['4', '5', '6', '7', '3', '8', '9'], cached },
      models: run.models ?? {
        'checkpoints/dream.safetensors': { size: 7, sha256: hex('weights'), tensors: hex('tensors') },
      },
      ...{ inputs: {}, packs: {}, comfyui: { commit: 'c'.repeat(40), version: '0.8.0', edited: false }, outputs },
    },
  ];
}

export const hashesLine = (id: string, models: Readonly<Record<string, object>>) => ({
  ...{ journal: 1, kind: 'hashes', prompt_id: id, models },
});

export const journalText = (lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
