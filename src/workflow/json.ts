// Lossless JSON: the one door for everything that may hold a seed, which `JSON.parse` would round.
export {
  type ExactNumber,
  isArray,
  isExact,
  isNumber,
  isObject,
  type Json,
  type JsonObject,
  numberFromLexeme,
  stringsIn,
  toDouble,
} from './json-value.js';
export { defaultLimits, type JsonLimits, parseBefore, parseJson, tryParseJson, workflowLimits } from './parse-json.js';
export { byCodePoint, canonicalJson, fromPlain, quoted, toPlain, writeJson } from './write-json.js';
