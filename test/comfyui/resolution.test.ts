// Trees of models, and the files that the real ComfyUI 0.8.0 (folder_paths.get_full_path) said it would load from them: `extra_model_paths.yaml` with several sections,
// several lines, defaults, relative, absolute and home paths; links, broken ones too.
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findInstallation } from '../../src/comfyui/installation.js';
import { resolve } from '../../src/models/find-model.js';
import { temporaryFolder } from '../support/git.js';

interface Recorded {
  /** `@BASE@` stands for the folder that holds all of it; ComfyUI is in `ComfyUI` below. */
  readonly yaml: string;
  readonly files: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  /** By `<folder>|<name>`. */
  readonly answers: Readonly<Record<string, string | null>>;
}

const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/comfyui/resolution.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

function plant({ yaml, files, links }: Recorded): string {
  const base = realpathSync(temporaryFolder());
  const put = (path: string, text = '') => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  for (const path of ['ComfyUI/main.py', 'ComfyUI/folder_paths.py', ...files]) put(path);
  put('ComfyUI/extra_model_paths.yaml', yaml.replaceAll('@BASE@', base));
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    symlinkSync(join(base, target), join(base, path));
  }
  return base;
}

test.each(recorded.map((tree, at) => [at + 1, tree] as const))(
  'tree %i: the file that ComfyUI loads',
  async (_, tree) => {
    const base = plant(tree);
    const found = await findInstallation({ cwd: join(base, 'ComfyUI'), env: { HOME: base, XBASE: base } });
    const ours: Record<string, string | null> = {};
    for (const key of Object.keys(tree.answers)) {
      const [folder = '', name = ''] = key.split('|');
      const path = await resolve(folder, name, found?.modelFolders ?? new Map());
      ours[key] = path === undefined ? null : relative(base, realpathSync(path)).replaceAll('\\', '/');
    }
    expect(ours).toEqual(tree.answers);
  },
);
