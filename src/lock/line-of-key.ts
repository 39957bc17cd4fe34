/**
 * The line of a lockfile's canonical text in which an entry starts, from 1; `undefined` where it has none.
 * @param key of a model, pack, input or class; `comfyui` is a section of its own
 */
export function lineOfKey(text: string, key: string): number | undefined {
  if (key === 'comfyui') return found(text, /^comfyui:/);
  const wanted = new Set([`  ${key}:`, `  ${JSON.stringify(key)}:`, `  '${key.replaceAll("'", "''")}':`]);
  const at = text.split('\n').findIndex((line) => wanted.has(line));
  return at < 0 ? undefined : at + 1;
}

function found(text: string, form: RegExp): number | undefined {
  const at = text.split('\n').findIndex((line) => form.test(line));
  return at < 0 ? undefined : at + 1;
}
