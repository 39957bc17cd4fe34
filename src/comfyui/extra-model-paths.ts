import { join, resolve } from 'node:path';
import { InputError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import type { YamlMap } from '../lock/yaml-value.js';

/** One folder that `extra_model_paths.yaml` adds. */
export interface ExtraFolder {
  readonly type: string;
  /** Absolute. */
  readonly path: string;
  readonly isDefault: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const renamed: Readonly<Record<string, string>> = { unet: 'diffusion_models', clip: 'text_encoders' };

/**
 * Reads `extra_model_paths.yaml` beside `main.py`, as ComfyUI's `utils/extra_config.py` does: sections of any name, `base_path` and
 * `is_default` for the section, everything else a folder type with one folder a line.
 * @throws InputError `extra-model-paths` where ComfyUI itself would not start
 */
export async function extraModelFolders(root: string, env: Environment): Promise<ExtraFolder[]> {
  const bytes = await readIfThere(join(root, 'extra_model_paths.yaml'));
  if (bytes === undefined) return [];
  // The parser is large, and hardly any installation has the file.
  const { readYaml } = await import('../lock/yaml.js');
  const sections = readYaml(bytes.toString('utf8'), broken, { aliases: true });
  if (sections === '') return [];
  if (!(sections instanceof Map)) throw broken('it is no map of sections');
  return [...sections.values()].flatMap((section) => (section instanceof Map ? foldersOf(section, root, env) : []));
}

const broken = (problem: string) =>
  new InputError('extra-model-paths', `extra_model_paths.yaml cannot be read: ${problem}`, {
    hint: 'ComfyUI itself does not start with it; mend it, or set it aside',
  });

function foldersOf(section: YamlMap, root: string, env: Environment): ExtraFolder[] {
  const base = section.get('base_path');
  const start = typeof base === 'string' && base !== '' ? resolve(root, expand(base, env)) : root;
  const isDefault = /^(?:true|yes|on)$/i.test(String(section.get('is_default') ?? ''));
  const found: ExtraFolder[] = [];
  for (const [type, value] of section) {
    if (type === 'base_path' || type === 'is_default' || typeof value !== 'string') continue;
    const lines = value.split('\n').filter((line) => line !== '');
    for (const line of lines) found.push({ type: renamed[type] ?? type, path: resolve(start, line), isDefault });
  }
  return found;
}

/** `~` and `$VAR`, `${VAR}` as Python's expanduser and expandvars: an unknown variable stays as it is written. */
function expand(path: string, env: Environment): string {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const fromHome = home !== undefined && /^~(?:[\\/]|$)/.test(path) ? home + path.slice(1) : path;
  return fromHome.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    return env[braced ?? bare ?? ''] ?? whole;
  });
}
