/** What may be cloned: the address, and the protocol that git may speak for it. */
export type CloneAddress =
  | { readonly url: string; readonly protocol: 'https' | 'http' | 'ssh' }
  | { readonly refused: string };

/**
 * Reads the address of a repository that a file of somebody else names. Only https and ssh, with nothing in it that git or ssh could take
 * for an option, a command or a secret.
 * @param isTrusted whether the person named this origin: then it may be http, or have a port
 */
export function cloneAddress(text: string, isTrusted: (url: URL) => boolean): CloneAddress {
  // git@host:path, the short form of ssh
  if (/^(?:[a-z][\w.-]*@)[a-z\d][a-z\d.-]*\.[a-z\d-]+:[\w][\w./~-]*$/i.test(text))
    return { url: text, protocol: 'ssh' };
  if (!/^[a-z]+:\/\//.test(text) || !URL.canParse(text)) {
    return { refused: `${/^[\w+.-]+::/.exec(text)?.[0] ?? 'that'} is no https or ssh address` };
  }
  const url = new URL(text);
  if (url.protocol === 'ssh:') return sshAddress(url);
  if (url.username !== '' || url.password !== '') return { refused: 'there are credentials in it' };
  if (url.search !== '' || url.hash !== '') return { refused: 'it is more than the address of a repository' };
  if (isTrusted(url)) return { url: url.href, protocol: url.protocol === 'http:' ? 'http' : 'https' };
  if (url.protocol !== 'https:') return { refused: `it is ${url.protocol.slice(0, -1)} and not https` };
  if (url.port !== '' || !isPublicName(url.hostname)) return { refused: `${url.host} is no public host` };
  return { url: url.href, protocol: 'https' };
}

function sshAddress(url: URL): CloneAddress {
  const plain = url.password === '' && /^[\w.-]*$/.test(url.username) && /^\/[\w][\w./~-]*$/.test(url.pathname);
  if (!plain || url.username.startsWith('-') || !isPublicName(url.hostname))
    return { refused: 'that is no plain ssh address' };
  return { url: url.href, protocol: 'ssh' };
}

/** A name with a dot in it, and no address in numbers. */
const isPublicName = (host: string) =>
  /^[a-z\d](?:[a-z\d-]*\.)+[a-z][a-z\d-]*$/i.test(host) && !host.endsWith('.local');
