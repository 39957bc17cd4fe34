import { fileBytes, hasAscii } from './file-bytes.js';
import { jsonMembers } from './json-members.js';

export const isGlb = (bytes: Uint8Array): boolean => hasAscii(bytes, 0, 'glTF');

/** `asset.extras` of the JSON chunk, which comes first (glTF 2.0, 4.4.3). */
export function glbTexts(bytes: Uint8Array): Map<string, string> {
  const file = fileBytes('GLB', bytes);
  const document = jsonMembers(file.utf8(20, file.u32(12, true)));
  return jsonMembers(jsonMembers(document.get('asset') ?? '').get('extras') ?? '');
}
