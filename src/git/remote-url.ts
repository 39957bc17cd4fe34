/**
 * The address of a remote as it may be written into a record or a lock: no user, password, token or query of a web address, and
 * nothing at all where it is a path of this machine.
 */
export function publicRemote(url: string): string | undefined {
  const text = url.trim();
  if (/^(?:https?|git|ssh|git\+ssh):\/\//i.test(text)) return withoutCredentials(text);
  // git@host:path, the short form of ssh; a letter alone before the colon is a drive of Windows.
  return /^(?:[\w.-]+@)?[\w.-]{2,}:(?!\/\/)[^\\\s]+$/.test(text) ? text : undefined;
}

function withoutCredentials(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // `git@` of ssh is an account everybody uses, not a secret.
  if (!/ssh:$/.test(url.protocol)) url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
