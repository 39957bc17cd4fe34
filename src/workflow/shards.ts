/** More parts than any model has; a name may claim anything. */
const mostParts = 256;

/**
 * All files of a model that was split, `model-00001-of-00003.safetensors`: who names one part loads all of them. For any other name
 * the name itself.
 */
export function shardsOf(name: string): string[] {
  const [, stem = '', digits = '', total = '', extension = ''] =
    /^(.*-)(\d{5})-of-(\d{5})(\.[A-Za-z0-9]+)$/s.exec(name) ?? [];
  const count = Number(total);
  if (digits === '' || count < 1 || count > mostParts || Number(digits) > count) return [name];
  return Array.from({ length: count }, (_, at) => `${stem}${String(at + 1).padStart(5, '0')}-of-${total}${extension}`);
}

/** Parts of one workflow's models together; a hostile one may name thousands of models of hundreds of parts each. */
const mostInAll = 4096;

/** `shardsOf` for the names of one workflow; once there are too many parts, each name is a file. */
export function boundedShards(): (name: string) => string[] {
  let left = mostInAll;
  return (name) => {
    const parts = shardsOf(name);
    if (parts.length > left) return [name];
    left -= parts.length - 1;
    return parts;
  };
}
