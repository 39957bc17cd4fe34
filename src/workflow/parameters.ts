/** What other programs (AUTOMATIC1111's web UI, Forge, Fooocus, packs that save in their way) write into a picture as `parameters`. */
export interface Parameters {
  readonly positive: string;
  readonly negative: string;
  /** The values of the last line as they stand, by their names in lower case: `cfg scale`, `model hash`. */
  readonly values: ReadonlyMap<string, string>;
  /** LoRAs named in the positive text, `<lora:ink:0.8>`. */
  readonly loras: readonly { readonly name: string; readonly strength: string }[];
}

/** Longer ones are no parameters. */
const longestText = 1024 * 1024;
const longestLine = 64 * 1024;

/**
 * Reads `<prompt>\nNegative prompt: <text>\nSteps: 20, Sampler: Euler a, ...`; `undefined` for any other text.
 * Source of the format: `parse_generation_parameters` of AUTOMATIC1111's stable-diffusion-webui.
 */
export function readParameters(text: string): Parameters | undefined {
  if (text.length > longestText) return undefined;
  const lines = text.split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*Steps: \d/.test(line));
  const line = lines[last];
  if (line === undefined || line.length > longestLine) return undefined;
  const [positive = '', ...negative] = lines
    .slice(0, last)
    .join('\n')
    .split(/^Negative prompt: ?/m);
  return {
    positive: positive.trim(),
    negative: negative.join('Negative prompt: ').trim(),
    values: valuesOf(line),
    loras: lorasIn(positive),
  };
}

/** `Size: 512x768, Lora hashes: "ink: 1234, x: 5"`. */
function valuesOf(line: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of line.matchAll(
    /\s{0,9}(\w[\w /-]{0,60}):\s{0,9}("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/g,
  )) {
    values.set(name.toLowerCase(), unquoted(value.trim()));
  }
  return values;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

const lorasIn = (text: string) =>
  [...text.matchAll(/<(?:lora|lyco):([^:<>]{1,200})(?::([-\d.]{1,20}))?[^<>]{0,200}>/g)].map(
    ([, name = '', strength = '1']) => ({ name, strength }),
  );
