import { join } from 'node:path';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { defaultSettings, readSettings, settingsPath, writeSettings } from '../lock/settings.js';
import { nothing, type Plan } from './plan.js';

/**
 * `comfy.yaml`, once; what others wrote into it stays.
 * @throws InputError `settings-newer`, `settings-damaged`
 */
export async function planSettings(repository: Repository): Promise<Plan> {
  const path = join(repository.top, settingsPath);
  const text = (await readIfThere(path))?.toString('utf8');
  if (text !== undefined) {
    readSettings(text);
    return nothing;
  }
  const content = writeSettings(defaultSettings);
  return { steps: [{ do: 'write', path, content, about: `write ${settingsPath}` }], remarks: [] };
}

/** Only while it is as `init` wrote it. */
export async function planSettingsRemoval(repository: Repository): Promise<Plan> {
  const path = join(repository.top, settingsPath);
  const text = (await readIfThere(path))?.toString('utf8');
  if (text === undefined) return nothing;
  if (text !== writeSettings(defaultSettings)) return { steps: [], remarks: [`${settingsPath} was edited and stays`] };
  return { steps: [{ do: 'remove', path, about: `remove ${settingsPath}` }], remarks: [] };
}
