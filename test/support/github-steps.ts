// Steps of a GitHub workflow, run as the runner's shell would run them, with this program on the PATH.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { commandLine } from './build.js';
import { temporaryFolder } from './git.js';

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
}
export interface Job {
  readonly if?: string;
  readonly permissions?: Record<string, string>;
  readonly steps: readonly Step[];
}
export interface GithubWorkflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const templates = fileURLToPath(new URL('../../templates/github/', import.meta.url));

export const templateText = (name: string) => readFileSync(join(templates, name), 'utf8');

export const readTemplate = (name: string) => parse(templateText(`workflows/${name}`)) as GithubWorkflow;

export interface RanStep {
  readonly code: number | null;
  readonly text: string;
  /** What the step wrote to its own files. */
  readonly summary: string;
  readonly outputs: Record<string, string>;
}

export interface Runner {
  /** `RUNNER_TEMP`. */
  readonly temp: string;
  /** Puts a program on the PATH. */
  install(name: string, script: string): void;
  /** `known` has the values of expressions; one that it lacks is a mistake of the test. */
  run(step: Step, known?: Record<string, string>, env?: Record<string, string>): Promise<RanStep>;
}

export function makeRunner(cwd: string): Runner {
  const temp = temporaryFolder();
  const bin = join(temp, 'bin');
  mkdirSync(bin);
  const install = (name: string, script: string) => {
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  };
  install('git-comfy', `#!/bin/sh\nexec '${commandLine[0]}' '${commandLine[1]}' "$@"\n`);
  let count = 0;
  const run: Runner['run'] = async ({ run: script = '', shell, env: own = {} }, known = {}, env = {}) => {
    const files = join(temp, `step-${++count}`);
    mkdirSync(files);
    const [path, summary, output] = ['script.sh', 'summary.md', 'output'].map((name) => join(files, name));
    writeFileSync(path as string, script);
    const given = Object.fromEntries(Object.entries(own).map(([key, text]) => [key, evaluated(text, known)]));
    const flags = shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
    const done = await finished('bash', [...flags, path as string], {
      cwd,
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        RUNNER_TEMP: temp,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
        ...given,
        ...env,
      },
    });
    const lines = read(output as string).split('\n');
    const pairs = lines.flatMap((line) =>
      [...line.matchAll(/^([^=]+)=(.*)$/g)].map(([, key = '', value = '']) => [key, value]),
    );
    return {
      ...done,
      summary: read(summary as string),
      outputs: Object.fromEntries(pairs),
    };
  };
  return { temp, install, run };
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function evaluated(text: string, known: Record<string, string>): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = known[expression];
    if (value === undefined) throw new Error(`no value for ${expression}`);
    return value;
  });
}

/** Not `spawnSync`: a simulated server in this process has to be able to answer. */
function finished(command: string, words: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const running = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [running.stdout, running.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
  }
  return new Promise<{ code: number | null; text: string }>((done) =>
    running.once('close', (code) => done({ code, text })),
  );
}
