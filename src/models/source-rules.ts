import { InputError } from '../errors.js';

/** From where models may be fetched. What a lock names is somebody else's word; what git config names is the person's own. */
export interface SourceRules {
  /** Origins (`https://models.example.org`, `http://127.0.0.1:8123`) that the person trusts; they may be private, and without TLS. */
  readonly configured: ReadonlySet<string>;
}

interface BuiltIn {
  /** Hosts that it sends a download on to: itself, or a name that ends so. */
  readonly delivery: readonly string[];
}

/** Read off the redirects of both sites; a content delivery network of theirs gets no token. */
const builtIn: Readonly<Record<string, BuiltIn>> = {
  'huggingface.co': { delivery: ['huggingface.co', '.huggingface.co', '.hf.co'] },
  'civitai.com': { delivery: ['civitai.com', '.civitai.com', '.r2.cloudflarestorage.com'] },
};

/**
 * Rules with what `comfy.source` of git config adds: a host (`models.example.org`, by https) or an origin (`http://nas.local:8000`).
 * @throws InputError `comfy-source`
 */
export function sourceRules(configured: readonly string[]): SourceRules {
  return { configured: new Set(configured.map(originOf)) };
}

function originOf(value: string): string {
  const text = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (plain && url.username === '' && url.password === '' && url.hash === '') return url.origin;
  throw new InputError('comfy-source', `comfy.source is "${value}", and that is neither a host nor an origin`, {
    hint: 'write it as models.example.org or http://nas.local:8000',
  });
}

/** Whether the person named this origin: then it may be a private address. */
export const isConfigured = (url: URL, rules: SourceRules): boolean => rules.configured.has(url.origin);

/**
 * Why an address must not be fetched; `undefined` where it may be.
 * @param from where the download was asked for, where `url` is what that redirected to
 */
export function sourceRefusal(url: URL, rules: SourceRules, from?: URL): string | undefined {
  if (url.username !== '' || url.password !== '') return 'there are credentials in it';
  if (isConfigured(url, rules)) return undefined;
  if (url.protocol !== 'https:') return `it is ${url.protocol.slice(0, -1)} and not https`;
  const allowed = from === undefined ? Object.hasOwn(builtIn, url.hostname) : isDelivery(url.hostname, from.hostname);
  if (allowed) return url.port === '' ? undefined : `it names the port ${url.port}`;
  return from === undefined ? `${url.hostname} is no source that is allowed` : `it leads on to ${url.hostname}`;
}

function isDelivery(host: string, from: string): boolean {
  const source = Object.hasOwn(builtIn, from) ? builtIn[from] : undefined;
  return source?.delivery.some((name) => host === name || (name.startsWith('.') && host.endsWith(name))) === true;
}
