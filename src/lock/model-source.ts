/** Where a `sources` entry of the lock can be fetched, or why it cannot. */
export type ModelSource =
  | { readonly url: URL; readonly text: string }
  | { readonly refused: string; readonly text: string };

/**
 * Reads one entry of `sources`: an https address, a Hugging Face page (`/blob/` becomes `/resolve/`), or an AIR of Civitai
 * (`urn:air:sdxl:checkpoint:civitai:101055@128078`: model and version).
 * Source of the AIR form: https://developer.civitai.com/docs/getting-started/ai-resource-identifier
 */
export function readSource(text: string): ModelSource {
  if (/^urn:air:/i.test(text)) return airSource(text);
  if (!URL.canParse(text)) return { refused: 'it is no address', text };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { refused: `${url.protocol.slice(0, -1)} is nothing that is fetched`, text };
  }
  url.hash = '';
  if (url.hostname === 'huggingface.co')
    url.pathname = url.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  return { url, text };
}

function airSource(text: string): ModelSource {
  const [, version] = /^urn:air:[\w.-]+:[\w.-]+:civitai:\d{1,12}@(\d{1,12})(?:\.\w+)?$/i.exec(text) ?? [];
  if (version === undefined) return { refused: 'only AIRs of Civitai with a version can be fetched', text };
  return { url: new URL(`https://civitai.com/api/download/models/${version}`), text };
}
