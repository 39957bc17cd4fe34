/**
 * Names in `<lora:name:0.8>`, as nodes of packs read them out of prompts: without extension, with or without folder, the first match
 * in the folder of LoRAs. ComfyUI itself knows no such syntax.
 */
export function lorasInText(text: string): string[] {
  if (!namesLoras(text)) return [];
  const names = [...text.matchAll(/<(?:lora|lyco):([^:<>\n]{1,256})(?::[^<>\n]{0,64})?>/gi)].map(([, name = '']) =>
    name.trim(),
  );
  return [...new Set(names)].filter((name) => name !== '' && name.toLowerCase() !== 'none');
}

/** Whether a text may name any. */
export const namesLoras = (text: string): boolean => /<l(?:ora|yco):/i.test(text);

/** ComfyUI's own text encoders hand such a text on as words. */
export const readsNoLoras = (classType: string): boolean => /^CLIPTextEncode[A-Z]?[A-Za-z0-9]*$/.test(classType);
