import { join } from 'node:path';
import type { Server } from '../comfyui/server.js';
import { serverEnvironment } from '../comfyui/server-environment.js';
import { serverFile } from '../comfyui/server-file.js';
import { readIfThere } from '../files/read.js';
import type { Repository } from '../git/repository.js';
import { environmentDrift } from '../lineage/environment-drift.js';
import type { Grade } from '../lineage/record.js';
import type { Environment } from '../lineage/state.js';
import { noDependencies } from '../lineage/state-document.js';
import { type Difference, difference, expectedGrade } from '../lock/drift.js';
import type { Dependencies } from '../lock/entries.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import type { Place } from './find-input.js';
import { lockOfRun } from './lock-of-run.js';
import type { Original } from './original.js';
import { verifyDependencies } from './verify-dependencies.js';
import { type InputElsewhere, type ReadInput, verifyInputs } from './verify-inputs.js';
import type { Verifying } from './verifying.js';

/** What can be expected of a reproduction here, before it runs. */
export interface Verification {
  readonly grade: Grade;
  readonly differences: readonly Difference[];
  /** Keys of the models that the run was known to need. */
  readonly models: readonly string[];
  /** Models under another name, by key: the name that their content has now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Inputs that the server lacks under their name, by key: where their content is. */
  readonly elsewhere: ReadonlyMap<string, InputElsewhere>;
  readonly environment: Environment;
  /** How many of each kind were compared. */
  readonly looked: Looked;
  /** Interfaces of the classes that were captured, where the server told them. */
  readonly info?: ObjectInfo;
}

export type Looked = Readonly<Record<'models' | 'packs' | 'inputs' | 'classes', number>>;

/**
 * Step 3: models, packs, ComfyUI, inputs, node interfaces and environment against what was captured at the run; where nothing was, against the lock
 * of the commit, and said so.
 * @param tree the commit, checked out
 * @param verifying without a server it is a private one that has ComfyUI and packs as they were, and does not run yet: then files are verified
 */
export async function verifyOriginal(
  repository: Repository | undefined,
  original: Original,
  tree: string,
  verifying: Verifying & { readonly server?: Server },
): Promise<Verification> {
  const { state, record } = original;
  const lock = state === undefined && repository !== undefined ? await lockOfRun(repository, record) : undefined;
  const all = state ?? lock ?? noDependencies;
  const whose = lock === undefined ? "the record's" : "the lock's";
  const { server, signal, around } = verifying;
  const expected = server === undefined ? filesOf(all) : all;
  const { differences: drift, renamed, info } = await verifyDependencies(expected, whose, verifying);
  const inputs = await verifyInputs(
    inputsOf(verifying),
    expected.inputs,
    placesOf(tree, around.installation?.input),
    signal,
  );
  const environment = server === undefined ? undefined : await serverEnvironment(server, { ...around, signal });
  const differences = [
    ...notCaptured(original),
    ...drift.filter(({ code }) => !code.startsWith('input-')),
    ...inputs.differences,
    ...(state === undefined || environment === undefined ? [] : environmentDrift(state.environment, environment)),
  ];
  return {
    grade: expectedGrade(differences),
    differences,
    models: [...expected.models.keys()],
    renamed,
    elsewhere: inputs.elsewhere,
    environment: environment ?? {},
    looked: looked(expected),
    ...(info === undefined ? {} : { info }),
  };
}

const filesOf = ({ models, inputs }: Dependencies): Dependencies => ({ ...noDependencies, models, inputs });

/** A private server gets the inputs that the user's own has under their names. */
function inputsOf({ server, around, signal }: Verifying & { readonly server?: Server }): ReadInput {
  if (server !== undefined) return (name, folder) => serverFile(server, name, folder, signal);
  const { installation } = around;
  return async (name, folder) =>
    installation === undefined || name.split(/[/\\]/).includes('..')
      ? undefined
      : readIfThere(join(installation[folder], name)).catch(() => undefined);
}

const looked = ({ models, packs, inputs, classes }: Dependencies): Looked => ({
  models: models.size,
  packs: packs.size,
  inputs: inputs.size,
  classes: classes.size,
});

/** Where an input that is gone may still be. */
function placesOf(tree: string, input: string | undefined): Place[] {
  const commit = { folder: tree, name: 'the commit' };
  return input === undefined ? [commit] : [{ folder: input, name: "ComfyUI's input folder" }, commit];
}

/** What nobody can verify, since nobody wrote it down. */
function notCaptured({ state, record }: Original): Difference[] {
  if (record.fromCache === true) {
    const text = 'it came from the cache of the server; what was installed when it was made is not known';
    return [difference('nothing-captured', 'state', text)];
  }
  if (state !== undefined) return [];
  return [difference('nothing-captured', 'state', 'models, packs and environment were not captured at the run')];
}
