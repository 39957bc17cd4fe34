// What the proof against the real frontend needs, laid out once: the frontend (a Python package; its licence is GPL-3.0, so it is
// downloaded and never kept here) and the oracle that opens it in a browser.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const frontendVersion = '1.58.1';
const oracleSource = process.env['GIT_COMFY_ORACLE'] ?? join(root, '../shared/tools/frontend-oracle');
const cache = join(root, 'node_modules/.cache/git-comfy');
const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

/** Makes a folder whole or not at all: a set-up that was interrupted begins again. */
function once(name: string, make: (folder: string) => void): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const half = mkdtempSync(join(cache, 'half-'));
  try {
    make(half);
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

export interface Frontend {
  /** The oracle's script. */
  readonly oracle: string;
  /** Folder of the frontend's files. */
  readonly frontend: string;
}

/** `undefined` where there is no oracle to copy. */
export function setUpFrontend(): Frontend | undefined {
  if (!existsSync(join(oracleSource, 'oracle.mjs'))) return undefined;
  const oracle = once('frontend-oracle', (folder) => {
    for (const name of ['oracle.mjs', 'package.json', 'package-lock.json']) {
      cpSync(join(oracleSource, name), join(folder, name));
    }
    run('npm', ['ci', '--silent', '--no-audit', '--no-fund'], folder);
  });
  const frontend = once(`frontend-${frontendVersion}`, (folder) => {
    const wheels = mkdtempSync(join(cache, 'half-'));
    const asked = `comfyui-frontend-package==${frontendVersion}`;
    try {
      run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels, asked], folder);
      const wheel = `comfyui_frontend_package-${frontendVersion}-py3-none-any.whl`;
      run('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), folder], folder);
    } finally {
      rmSync(wheels, { recursive: true, force: true });
    }
  });
  return {
    oracle: join(oracle, 'oracle.mjs'),
    frontend: join(frontend, 'comfyui_frontend_package/static'),
  };
}
