import { fileBytes } from './file-bytes.js';
import { jsonMembers } from './json-members.js';

const mostHeader = 100_000_000;

/** Length of the header, then the header, a JSON object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = fileBytes('safetensors', bytes).u64(0, true);
  return length >= 2 && length <= mostHeader && 8 + length <= bytes.length;
}

/** Texts of `__metadata__`: latents and models that ComfyUI saved. */
export function safetensorsTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('safetensors', bytes);
  const header = file.utf8(8, file.u64(0, true));
  return jsonMembers(jsonMembers(header).get('__metadata__') ?? '');
}
