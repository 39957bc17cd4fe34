import { sameNumberText } from './exact-number.js';
import { isArray, isNumber, isObject, type Json } from './json.js';

/** Looks up the value of a widget of a node that a text names; `undefined` where there is none. */
export type Lookup = (node: string, widget: string) => Json | undefined;

/**
 * Fills in what a file name takes from elsewhere, as the frontend does when it queues: `%Node.widget%`, and `%date:yyyy-MM-dd%` where the time is given.
 * What names nothing stays as it is; ComfyUI itself fills in `%width%`, `%year%` and the like.
 */
export function replaceText(text: string, lookup: Lookup, now: Date | undefined): string {
  return text.replace(/%([^%]+)%/g, (match, inside: string) => {
    const [node, widget, ...more] = inside.split('.');
    if (node === undefined) return match;
    if (widget === undefined || more.length > 0) {
      return now !== undefined && node.startsWith('date:') ? dateText(node.slice('date:'.length), now) : match;
    }
    const value = lookup(node, widget);
    return value === undefined ? match : plainText(value).replace(noFileName, '_');
  });
}

/** What must not be in a file name of any system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const noFileName = /[/?<>\\:*|"\x00-\x1F\x7F]/g;

function plainText(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (isArray(value)) return value.map(plainText).join(',');
  if (isObject(value)) return '[object Object]';
  return isNumber(value) ? sameNumberText(value) : String(value);
}

/** Letters of a pattern are replaced in local time: `d M h m s`, twice for two digits, `yy` and `yyyy`. */
function dateText(pattern: string, at: Date): string {
  const parts: Readonly<Record<string, number>> = {
    d: at.getDate(),
    M: at.getMonth() + 1,
    h: at.getHours(),
    m: at.getMinutes(),
    s: at.getSeconds(),
  };
  return pattern.replace(/dd?|MM?|hh?|mm?|ss?|yyy?y?/g, (letters) => {
    if (letters === 'yyyy') return String(at.getFullYear());
    if (letters === 'yy') return String(at.getFullYear()).slice(2);
    const part = parts[letters[0] ?? ''];
    return part === undefined ? letters : String(part).padStart(letters.length, '0');
  });
}

/** Classes whose `filename_prefix` is filled in so. */
export const namesFiles = (classType: string): boolean => savers.has(classType);

const savers: ReadonlySet<string> = new Set(
  (
    'SaveImage SaveImageAdvanced SaveSVGNode SaveVideo SaveAnimatedWEBP SaveWEBM SaveAudio SaveAudioMP3 SaveAudioOpus SaveAudioAdvanced SaveGLB ' +
    'Save3DAdvanced SaveGaussianSplat SavePointCloud SaveAnimatedPNG CLIPSave VAESave ModelSave LoraSave SaveLatent'
  ).split(' '),
);
