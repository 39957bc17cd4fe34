import { InputError } from '../errors.js';
import { readYaml, writeYaml } from './yaml.js';

/** Settings that everybody who works in the repository shares. Nothing in them runs or connects. */
export interface Settings {
  readonly normalForm: 1;
}

/** Where the settings are in a repository. */
export const settingsPath = 'comfy.yaml';

export const defaultSettings: Settings = { normalForm: 1 };

const normalForm = 1;

/**
 * Reads `comfy.yaml`. An empty file means the defaults; settings that this version does not know are left alone.
 * @throws InputError `settings-newer` when it asks for a newer normal form, `settings-damaged`
 */
export function readSettings(text: string): Settings {
  const root = readYaml(text, damaged);
  if (root === '') return defaultSettings;
  if (!(root instanceof Map)) throw damaged('it is no map of settings');
  const found = root.get('normalForm');
  if (found === undefined || found === String(normalForm)) return defaultSettings;
  if (typeof found !== 'string' || !/^[1-9]\d{0,8}$/.test(found)) throw damaged('its normalForm is no version');
  throw new InputError(
    'settings-newer',
    `this repository keeps workflows in normal form ${found}; this git comfy writes form ${normalForm}`,
    { hint: 'update git comfy: npm install -g git-comfy' },
  );
}

/** The text that `init` writes. */
export const writeSettings = (settings: Settings): string => writeYaml(new Map([['normalForm', settings.normalForm]]));

const damaged = (problem: string) =>
  new InputError('settings-damaged', `${settingsPath} is damaged: ${problem}`, {
    hint: `it should say: normalForm: ${normalForm}`,
  });
