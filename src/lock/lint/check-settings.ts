import { InputError } from '../../errors.js';
import { settingsPath } from '../settings.js';
import { readYaml } from '../yaml.js';
import type { YamlMap, YamlValue } from '../yaml-value.js';
import type { Finding } from './finding.js';
import { isFixed, isLevel, isRule, type Level, levels, type RuleId, rules } from './rules.js';

/** What `comfy.yaml` says below `check`. */
export interface CheckSettings {
  readonly levels: ReadonlyMap<RuleId, Level>;
  /** Patterns in gitignore syntax, of workflows that are not looked at. */
  readonly ignore: readonly string[];
  /** What is worth saying of the settings themselves. */
  readonly findings: readonly Finding[];
}

export const defaultCheckSettings: CheckSettings = { levels: new Map(), ignore: [], findings: [] };

/**
 * Reads `check` of `comfy.yaml`. A rule that this version does not know is told of, and no reason to stop.
 * @throws InputError `settings-damaged`
 */
export function readCheckSettings(text: string): CheckSettings {
  const root = readYaml(text, damaged);
  const check = member(root, 'check', 'the file');
  const asked = asMap(member(check, 'rules', 'check'), 'check.rules');
  const found = new Map<RuleId, Level>();
  const findings = misplaced(asMap(check, 'check'));
  for (const [name, level] of asked) {
    if (!isLevel(level)) throw damaged(`check.rules.${name} has to be one of ${levels.join(', ')}`);
    if (isRule(name) && !isFixed(name)) found.set(name, level);
    else findings.push(unknownRule(name, isRule(name)));
  }
  return { levels: found, ignore: asTexts(member(check, 'ignore', 'check'), 'check.ignore'), findings };
}

/** As the settings say it, else as the table does. */
export function levelOf({ levels: own }: CheckSettings, { code, unsure }: Finding): Level {
  const level = own.get(code) ?? rules[code].level;
  return level === 'error' && unsure === true ? 'warning' : level;
}

const unknownRule = (name: string, fixed: boolean): Finding => ({
  path: settingsPath,
  code: 'unknown-rule',
  text: fixed
    ? `${settingsPath} gives ${name} a level, and that rule is always an error`
    : `${settingsPath} names a rule that there is not: ${name}`,
  hint: 'the rules are listed in docs/rules.md; take the line out, or update git comfy',
});

/** A rule beside `rules` is an easy slip, and would turn nothing off. */
const misplaced = (check: YamlMap): Finding[] =>
  [...check.keys()]
    .filter((key) => key !== 'rules' && key !== 'ignore')
    .map((key) => ({
      path: settingsPath,
      code: 'unknown-rule',
      text: `${settingsPath} has check.${key}, which means nothing there`,
      hint: isRule(key) ? `write it below check.rules: ${key}: <level>` : 'below check there are rules and ignore',
    }));

function member(value: YamlValue | undefined, key: string, what: string): YamlValue | undefined {
  return value === undefined || value === '' ? undefined : asMap(value, what).get(key);
}

function asMap(value: YamlValue | undefined, what: string): YamlMap {
  if (value === undefined || value === '') return new Map();
  if (value instanceof Map) return value;
  throw damaged(`${what} is no map`);
}

function asTexts(value: YamlValue | undefined, what: string): string[] {
  if (value === undefined || value === '') return [];
  const list = Array.isArray(value) ? (value as readonly YamlValue[]) : [value];
  return list.map((one) => {
    if (typeof one !== 'string') throw damaged(`${what} is no list of patterns`);
    return one;
  });
}

const damaged = (problem: string) =>
  new InputError('settings-damaged', `${settingsPath} is damaged: ${problem}`, {
    hint: 'see "Settings" in docs/rules.md',
  });
