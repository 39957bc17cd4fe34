/**
 * The address of a remote as it may be shown and committed: without user, password, token, query; `undefined` for a folder of
 * this machine, which says nothing to others.
 */
export function repositoryAddress(remote: string): string | undefined {
  const scp = /^(?:[^@/\s]+@)?([\w.-]+\.[\w-]+|localhost):(?!\/\/)(\S+)$/.exec(remote);
  if (scp !== null && !/^[A-Za-z]:/.test(remote)) return `ssh://${scp[1]}/${(scp[2] ?? '').replace(/^\/+/, '')}`;
  const found = /^(https?|ssh|git):\/\/(?:[^@/]*@)?([^/?#\s]+)(\/[^?#\s]*)?/.exec(remote);
  return found === null ? undefined : `${found[1]}://${found[2]}${found[3] ?? ''}`;
}
