/** How much a finding matters: an error ends `check` with 1, a warning and a note are shown, `off` is not looked at. */
export const levels = ['error', 'warning', 'note', 'off'] as const;
export type Level = (typeof levels)[number];

interface Rule {
  readonly level: Level;
  /** What is wrong, in a few words. */
  readonly about: string;
  /** Without it nothing else could be checked, so nobody may turn it down. */
  readonly fixed?: true;
}

/**
 * Everything that `check` finds, by the name that stands in its answers, with the level that it has unless `comfy.yaml` says another.
 * `docs/rules.md` has a section on each.
 */
export const rules = {
  'settings-unreadable': { level: 'error', about: 'comfy.yaml is damaged, or of a newer version', fixed: true },
  'lock-unreadable': { level: 'error', about: 'comfy.lock is damaged, or of a newer version', fixed: true },
  'not-normal-form': { level: 'error', about: 'a workflow was staged without the filter' },
  'not-a-workflow': { level: 'error', about: 'a tracked file cannot be read as a workflow' },
  'not-locked': { level: 'error', about: 'a workflow uses what comfy.lock does not have' },
  stale: { level: 'error', about: 'comfy.lock has a workflow that is no more' },
  unhashed: { level: 'error', about: 'a model or an input is not hashed yet' },
  'lock-not-canonical': { level: 'error', about: 'comfy.lock is not written as git comfy writes it' },
  'unsound-address': {
    level: 'error',
    about: 'an address in comfy.lock has credentials in it, or nobody can reach it',
  },
  'secret-in-workflow': { level: 'error', about: 'a credential stands in a workflow' },
  'model-missing': { level: 'error', about: 'a model was never there where the lock was written' },
  'input-missing': { level: 'error', about: 'an input was never there where the lock was written' },
  'absolute-path': { level: 'warning', about: 'a node reads or writes a path of one machine' },
  'pack-unpinned': { level: 'warning', about: 'nobody could bring back the version of a pack' },
  'pack-edited': { level: 'warning', about: 'a pack has local edits that nobody else has' },
  'class-unknown': { level: 'warning', about: 'nobody knows the pack of a node' },
  'class-claimed-twice': { level: 'warning', about: 'workflows name several packs for one node class' },
  'api-node': { level: 'warning', about: 'a service makes the result, and no run can be repeated' },
  'random-seed': { level: 'note', about: 'a seed is drawn anew at every run' },
  'unknown-rule': { level: 'warning', about: 'comfy.yaml names a rule that there is not' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

export const isRule = (name: string): name is RuleId => Object.hasOwn(rules, name);

export const isLevel = (text: unknown): text is Level => (levels as readonly unknown[]).includes(text);

/** Whether settings may give a rule another level. */
export const isFixed = (rule: RuleId): boolean => 'fixed' in rules[rule];
