/** A token for a host; `undefined` where there is none. */
export type TokenFor = (host: string) => string | undefined;

/** Variables that the tools of these sites read too. */
const variables: Readonly<Record<string, readonly string[]>> = {
  'huggingface.co': ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'],
  'civitai.com': ['CIVITAI_API_TOKEN', 'CIVITAI_TOKEN'],
};

/**
 * Tokens of the environment and of git config (`comfy.<host>.token`, which wins), each for its own host and no other.
 * @param configured by host, with the port where it is not the usual one
 */
export function tokensOf(
  env: Readonly<Record<string, string | undefined>>,
  configured: ReadonlyMap<string, string>,
): TokenFor {
  return (host) => {
    const named = (Object.hasOwn(variables, host) ? variables[host] : undefined) ?? [];
    const found = configured.get(host) ?? named.map((name) => env[name]).find((value) => (value ?? '') !== '');
    // A line break would start another header.
    return found !== undefined && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  };
}
