import { isArray, isObject, type Json, type JsonObject } from '../workflow/json.js';

/** A document without what must never be stored, and where that stood (`prompt.3.inputs.api_key`). */
export interface Redacted {
  readonly json: JsonObject;
  readonly paths: readonly string[];
}

/** Stands where a secret stood. */
export const secretMarker = '<secret, not stored>';

/** Members whose text is a credential, whatever it looks like. */
const secretKey =
  /^(?:api[_-]?key|.*[_-]api[_-]?key(?:[_-].*)?|.*auth[_-]?token.*|access[_-]?token|bearer|password|passwd|.*[_-]password|.*secret(?:[_-]?key)?|(?:hf|civitai|github)[_-]?token|client_id)$/i;

/** Texts that are credentials by their look, wherever they stand. */
const secretText =
  /\b(?:hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|comfyui-[0-9a-f]{40,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)|\bBearer\s+[\w.~+/-]{16,}=*|(?<=[?&](?:token|api_key|key|access_token)=)[^&\s"]+|(?<=:\/\/[^/\s:@]{0,200}:)[^/\s@]+(?=@)/g;

/** Folders at which a path of somebody's machine begins; a text such as `/imagine a cat` is none. */
const absolutePath =
  /^(?:file:\/\/\/?)?(?:[A-Za-z]:[\\/]|\\\\[^\\\s]+\\|~[\\/]|\/(?:home|Users|root|mnt|media|tmp|var|opt|data|srv|private|Volumes|usr|etc|content|kaggle|workspace|notebooks|app|run|storage|teamspace)\/)[^\n]*$/;

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
  if (absolutePath.test(text)) return `<absolute path>/${text.split(/[\\/]/).at(-1) ?? ''}`;
  return text.replace(secretText, secretMarker);
}

function collectSecrets(json: Json): string[] {
  if (isArray(json)) return json.flatMap(collectSecrets);
  if (!isObject(json)) return [];
  return [...json].flatMap(([key, value]) =>
    typeof value === 'string' && value !== '' && secretKey.test(key) ? [value] : collectSecrets(value),
  );
}
