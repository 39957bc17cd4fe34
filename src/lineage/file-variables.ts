import { civitaiHashes } from '../lock/civitai-hashes.js';
import type { ModelEntry, PackEntry } from '../lock/entries.js';
import { unknownFolder } from '../lock/model-needs.js';
import { splitModelKey } from '../lock/model-words.js';
import type { Prompt } from '../workflow/prompt.js';
import { embeddingReferences, inputKey, inputReferences } from '../workflow/references.js';
import type { Origin, Sources, Value, Variable, VariableKey } from './account.js';
import { controlSteps } from './prompt-control.js';
import { noneKnown, type UsedModel, usedModels, vaeOrigin } from './prompt-models.js';
import type { State } from './state.js';
import { none, promptOrigin, variable, whyNoPrompt, whyUnobserved } from './variable.js';

/** Folders that hold what steers a picture beside the text. */
const controlFolders = ['controlnet', 't2i_adapter', 'ipadapter', 'clip_vision', 'style_models', 'gligen'];

/** Tier 2: every file and every piece of code that took part. Names come from the prompt, hashes from what was observed at the run. */
export function fileVariables(sources: Sources, prompt: Prompt | undefined): Variable[] {
  const used = prompt === undefined ? [] : usedModels(prompt, sources.state?.models.keys());
  return [
    modelFiles(sources, prompt, used),
    vaeVariable(sources, prompt),
    inFolders('loras', ['loras'], sources, prompt, used),
    withSteps(inFolders('control', controlFolders, sources, prompt, used), sources, prompt),
    embeddings(sources, prompt),
    inputs(sources, prompt),
    packs(sources),
    comfyui(sources),
  ];
}

/** Every model file with its hash, each once. */
function modelFiles(sources: Sources, prompt: Prompt | undefined, used: readonly UsedModel[]): Variable {
  const named = new Map(used.map(({ key, node }) => [key, node]));
  const keys = new Set([...named.keys(), ...(sources.state?.models.keys() ?? [])]);
  const values = [...keys]
    .filter((key) => !key.startsWith('embeddings/'))
    .map(
      (key): Value => ({
        text: shownName(key),
        ...node(named.get(key)),
        ...hash(sources.state?.models.get(key), sources),
        ...civitai(sources.state?.models.get(key)),
      }),
    );
  if (values.length > 0) return variable('models', values, whereSeen(sources), '');
  return prompt === undefined
    ? variable('models', [], 'disk', whyNoPrompt)
    : none('models', 'none', promptOrigin(sources));
}

function civitai(entry: ModelEntry | undefined): Pick<Value, 'civitai'> {
  const hashes = entry === undefined ? undefined : civitaiHashes(entry);
  return hashes === undefined ? {} : { civitai: hashes };
}

/** A folder that nobody could tell is not shown as if it were one. */
const shownName = (key: string) => (key.startsWith(`${unknownFolder}/`) ? splitModelKey(key).name : key);

/** Names alone come from the prompt, with hashes from the disk. */
const whereSeen = (sources: Sources) =>
  sources.state === undefined || sources.record?.captured === 'embedded' ? promptOrigin(sources) : whereRead(sources);

/** Files are read where they are: on this machine, or by the capture pack of the server's. */
const whereRead = ({ record, state }: Sources): Origin =>
  record?.captured === 'pack' || state?.observedBy === 'pack' ? 'capture pack' : 'disk';

const node = (name: string | undefined) => (name === undefined ? {} : { node: name });

/** The hash at the run, or why there is none: never one of today. */
function hash(entry: ModelEntry | undefined, sources: Sources): Pick<Value, 'digest' | 'notCaptured'> {
  if (entry === undefined) return { notCaptured: whyUnobserved(sources) };
  if (entry.digest === 'missing') return { notCaptured: 'there was no such file where the models are' };
  // A name in a server's list, and nothing of what is behind it.
  if (entry.digest === 'unhashed' && entry.size === undefined) return { notCaptured: elsewhere };
  if (entry.digest === 'unhashed') return { notCaptured: 'the file had not been hashed yet' };
  return { digest: entry.digest };
}

function vaeVariable(sources: Sources, prompt: Prompt | undefined): Variable {
  const origin = prompt === undefined ? undefined : vaeOrigin(prompt);
  const why = prompt === undefined ? whyNoPrompt : 'no node of the prompt takes a VAE';
  return variable('vae', origin === undefined ? [] : [{ text: origin }], promptOrigin(sources), why);
}

/** In the order in which they are applied, with their strengths. */
function inFolders(
  key: VariableKey,
  folders: readonly string[],
  sources: Sources,
  prompt: Prompt | undefined,
  used: readonly UsedModel[],
): Variable {
  if (prompt === undefined) return variable(key, [], 'disk', whyNoPrompt);
  const values = used
    .filter(({ folder }) => folders.includes(folder ?? ''))
    .map((model, at): Value => {
      const position = folders.length === 1 ? `${at + 1}. ` : '';
      const text = `${position}${[model.name, ...model.settings].join('  ')}`;
      return { text, node: model.node, ...hash(sources.state?.models.get(model.key), sources) };
    });
  if (values.length > 0) return variable(key, values, promptOrigin(sources), '');
  return noneKnown(key, used, promptOrigin(sources));
}

/** The models, then how they were applied and what their pictures were prepared with. */
function withSteps(models: Variable, sources: Sources, prompt: Prompt | undefined): Variable {
  const steps = prompt === undefined ? [] : controlSteps(prompt);
  if (steps.length === 0) return models;
  const named = models.values.filter(({ node }) => node !== undefined);
  return variable('control', [...named, ...steps], promptOrigin(sources), '');
}

function embeddings(sources: Sources, prompt: Prompt | undefined): Variable {
  if (prompt === undefined) return variable('embeddings', [], 'disk', whyNoPrompt);
  const names = [...new Set(embeddingReferences(prompt).map(({ name }) => name))];
  const values = names.map((name): Value => {
    const models = [...(sources.state?.models ?? [])];
    const entry = models.find(([key]) => key === `embeddings/${name}` || key.startsWith(`embeddings/${name}.`))?.[1];
    return { text: name, ...hash(entry, sources) };
  });
  return values.length > 0
    ? variable('embeddings', values, whereSeen(sources), '')
    : none('embeddings', 'none', promptOrigin(sources));
}

function inputs(sources: Sources, prompt: Prompt | undefined): Variable {
  const named = prompt === undefined ? [] : inputReferences(prompt).map(inputKey);
  const keys = [...new Set([...named, ...(sources.state?.inputs.keys() ?? [])])];
  const values = keys.map((key): Value => {
    const digest = sources.state?.inputs.get(key)?.digest;
    if (digest === undefined || digest === 'unhashed') return { text: key, notCaptured: whyUnobserved(sources) };
    return digest === 'missing' ? { text: key, notCaptured: 'there was no such file' } : { text: key, digest };
  });
  if (values.length > 0) return variable('inputs', values, whereSeen(sources), '');
  return prompt === undefined
    ? variable('inputs', [], 'disk', whyNoPrompt)
    : none('inputs', 'none', promptOrigin(sources));
}

function packs(sources: Sources): Variable {
  const { state } = sources;
  // What somebody gave of the machine says nothing of packs.
  if (state === undefined || sources.record?.captured === 'embedded') {
    return variable('packs', [], 'disk', whyUnobserved(sources));
  }
  const looked = [...state.packs].map(([key, entry]) => packValue(key, entry));
  const values = [...looked, ...unseenPacks(state)];
  return values.length > 0
    ? variable('packs', values, whereRead(sources), '')
    : none('packs', 'none', whereRead(sources));
}

/** The server said that nodes come from them, and nobody could look at them. */
function unseenPacks({ classes, packs: seen }: State): Value[] {
  const named = new Set([...classes.values()].flatMap(({ pack }) => pack ?? []));
  return [...named]
    .filter((name) => name !== 'comfyui' && !seen.has(name))
    .map((name) => ({ text: name, notCaptured: elsewhere }));
}

const elsewhere = 'it is on the machine of the server, which does not tell it without the capture pack';

function comfyui(sources: Sources): Variable {
  const { state } = sources;
  const version = state?.environment.comfyui;
  if (state?.comfyui === undefined) {
    const value: Value = {
      text: version ?? '',
      notCaptured: noFolder,
    };
    return variable('comfyui', version === undefined ? [] : [value], 'server', whyUnobserved(sources));
  }
  const named = packValue(state.comfyui.version ?? version ?? '', state.comfyui);
  const told = named.digest !== undefined || state.comfyui.notCaptured !== undefined;
  return told
    ? variable('comfyui', [named], whereRead(sources), '')
    : variable('comfyui', [{ ...named, notCaptured: noFolder }], 'server', '');
}

/** `comfy.directory` is for ComfyUI whose models are elsewhere than its code. */
const noFolder = 'its folder was not known at the run, or is no git clone (git config comfy.directory)';

/** Name, commit or what stands for it, and whether it was edited. */
function packValue(name: string, entry: PackEntry): Value {
  const edited = entry.dirty === undefined ? '' : ', edited locally';
  const text = `${name}${entry.registry === undefined ? '' : ` ${entry.registry}`}${edited}`;
  const digest = entry.commit ?? entry.tree;
  if (digest !== undefined) {
    return { text: entry.notCaptured === undefined ? text : `${text}, ${entry.notCaptured}`, digest };
  }
  return {
    text,
    notCaptured: entry.missing === true ? 'it was not installed' : (entry.notCaptured ?? 'no commit was found'),
  };
}
