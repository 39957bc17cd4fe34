import { isArray, isObject, type Json, type JsonObject } from '../workflow/json.js';
import { isAbsolutePath, isSecretName, withoutSecrets } from '../workflow/private-texts.js';

/** A document without what must never be stored, and where that stood (`prompt.3.inputs.api_key`). */
export interface Redacted {
  readonly json: JsonObject;
  readonly paths: readonly string[];
}

/** Stands where a secret stood. */
export const secretMarker = '<secret, not stored>';

/**
 * Takes secrets, client ids and absolute paths out of what is about to be stored; of a path its last part stays. A secret that is
 * known by its name in `secretsOf` is taken out wherever else it stands (widget values of a workflow have no names).
 */
export function redact(name: string, json: JsonObject, secretsOf?: JsonObject): Redacted {
  const paths: string[] = [];
  const known = new Set([...collectSecrets(json), ...collectSecrets(secretsOf ?? null)]);
  const clean = (value: Json, path: string): Json => {
    if (typeof value === 'string') {
      const text = cleanText(value, known);
      if (text !== value) paths.push(path);
      return text;
    }
    if (isArray(value)) return value.map((item, at) => clean(item, `${path}.${at}`));
    if (!isObject(value)) return value;
    return new Map([...value].map(([key, item]) => [key, clean(item, `${path}.${key}`)]));
  };
  return { json: clean(json, name) as JsonObject, paths };
}

function cleanText(text: string, known: ReadonlySet<string>): string {
  if (known.has(text)) return secretMarker;
  if (isAbsolutePath(text)) return `<absolute path>/${text.split(/[\\/]/).at(-1) ?? ''}`;
  return withoutSecrets(text, secretMarker);
}

function collectSecrets(json: Json): string[] {
  if (isArray(json)) return json.flatMap(collectSecrets);
  if (!isObject(json)) return [];
  return [...json].flatMap(([key, value]) =>
    typeof value === 'string' && value !== '' && isSecretName(key) ? [value] : collectSecrets(value),
  );
}
