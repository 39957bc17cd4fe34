import type { Lock } from './entries.js';

export interface UnsoundAddress {
  /** Of the model or pack that has it. */
  readonly key: string;
  /** Why it must not be in a lock, as the end of a sentence about it. */
  readonly why: string;
}

/** Names of query members that sites give their tokens. */
const secretNames = /^(?:token|access_token|api_?key|key|auth|authorization|password|signature|x-amz-signature|sig)$/i;

/** Sources and repositories that hold a secret, or that nobody could fetch: everybody who clones the repository reads them. */
export function unsoundAddresses({ models, packs, comfyui }: Lock): UnsoundAddress[] {
  const sources = [...models].flatMap(([key, entry]) => (entry.sources ?? []).map((text) => ({ key, text })));
  const places = [...packs, ...(comfyui === undefined ? [] : ([['comfyui', comfyui]] as const))];
  const repositories = places.flatMap(([key, { repository: text }]) => (text === undefined ? [] : [{ key, text }]));
  return [
    ...sources.flatMap(({ key, text }) => unsound(key, text, /^(?:https?|urn):/i)),
    ...repositories.flatMap(({ key, text }) =>
      unsound(key, text, /^(?:https?|ssh|git|git\+ssh):\/\/|^[\w.-]+@[\w.-]+:/i),
    ),
  ];
}

function unsound(key: string, text: string, form: RegExp): UnsoundAddress[] {
  if (!form.test(text)) return [{ key, why: 'is no address that others can reach' }];
  if (!URL.canParse(text)) return [];
  const { protocol, username, password, searchParams } = new URL(text);
  // `git@` of ssh is an account that everybody uses.
  const named = password !== '' || (username !== '' && !/ssh:$/.test(protocol));
  const secret = named || [...searchParams.keys()].some((name) => secretNames.test(name));
  return secret ? [{ key, why: 'has credentials in it' }] : [];
}
