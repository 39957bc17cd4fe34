/** From best to worst; the same words as a record's grade. */
export type ExpectedGrade = 'full' | 'approximate' | 'partial';

/**
 * What may be hoped for at best when just this differs. One table for people: docs show it, and a test holds the two together.
 * `full`: the samples cannot differ by this. `approximate`: a picture like it. `partial`: nobody can say.
 */
export const driftRules = {
  'model-changed': 'partial',
  'model-missing': 'partial',
  'model-hidden': 'partial',
  'model-header-changed': 'full',
  'model-renamed': 'full',
  'model-unhashed': 'approximate',
  'model-unchecked': 'approximate',
  'model-unlike-named': 'full',
  'model-not-executed': 'full',
  'model-shadowed': 'full',
  'model-ambiguous': 'approximate',
  'input-moved': 'full',
  'input-changed': 'partial',
  'input-missing': 'partial',
  'input-unchecked': 'approximate',
  'pack-moved': 'approximate',
  'pack-edited': 'approximate',
  'pack-missing': 'partial',
  'pack-unchecked': 'approximate',
  'comfyui-moved': 'approximate',
  'comfyui-edited': 'approximate',
  'comfyui-unchecked': 'approximate',
  'class-changed': 'approximate',
  'class-missing': 'partial',
  'python-changed': 'approximate',
  'torch-changed': 'approximate',
  'package-changed': 'approximate',
  'device-changed': 'approximate',
  'driver-changed': 'approximate',
  'flag-changed': 'approximate',
  'system-changed': 'approximate',
  'arguments-changed': 'approximate',
  'environment-unchecked': 'approximate',
  'nothing-captured': 'partial',
} as const satisfies Readonly<Record<string, ExpectedGrade>>;

export type DriftCode = keyof typeof driftRules;

/** Worth knowing; nothing differs by it from what was locked. */
export const isNotice = (code: DriftCode) =>
  code === 'model-not-executed' || code === 'model-shadowed' || code === 'model-ambiguous';

/** Nothing that was seen, and runs, differs; it could not be looked at here, or it is a notice. */
export const isUnchecked = (code: DriftCode) =>
  code.endsWith('-unchecked') || code === 'model-unhashed' || isNotice(code);

/** What `provide` can do something about: a model that is not there under a name that works, a pack or ComfyUI that is not at its commit. */
export const isProvidable = {
  model: (code: DriftCode) => ['model-missing', 'model-changed', 'model-renamed', 'model-hidden'].includes(code),
  pack: (code: DriftCode) => /^(?:pack|comfyui)-(?:moved|edited|missing)$/.test(code),
} as const;
