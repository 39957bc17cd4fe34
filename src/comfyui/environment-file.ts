import { InputError } from '../errors.js';
import type { Environment } from '../lineage/state.js';
import { isObject, type JsonObject, tryParseJson } from '../workflow/json.js';
import { capturedEnvironment } from './captured-environment.js';
import { environmentOf } from './environment.js';

/**
 * Reads where a run went on from what somebody kept of it: the answer of `/system_stats`, an environment of the capture pack, or what
 * `pip freeze` printed.
 * @throws InputError `not-an-environment`
 */
export function readEnvironmentFile(text: string): Environment {
  const json = tryParseJson(text);
  const found = isObject(json) ? fromJson(json) : fromFreeze(text);
  if (Object.keys(found).length > 0) return found;
  throw new InputError('not-an-environment', 'it does not say where a run went on', {
    hint: 'keep what the server says: curl http://host:8188/system_stats > env.json; or: pip freeze > env.txt',
  });
}

function fromJson(json: JsonObject): Environment {
  if (isObject(json.get('system'))) return environmentOf(json);
  const { pack: _, ...environment } = capturedEnvironment(json.get('environment') ?? json, '');
  return environment;
}

/** Packages with a version of their own; what was installed from a folder or an address has none. */
function fromFreeze(text: string): Environment {
  const lines = text.split('\n').slice(0, 5000);
  const packages = lines.flatMap((line) => {
    const [, name, version] = /^([A-Za-z0-9][\w.-]{0,100})==([\w.+!-]{1,100})\s*$/.exec(line) ?? [];
    return name === undefined || version === undefined ? [] : [[name, version] as const];
  });
  const torch = packages.find(([name]) => name === 'torch')?.[1];
  if (packages.length === 0) return {};
  return { packages: Object.fromEntries(packages), ...(torch === undefined ? {} : { torch }) };
}
