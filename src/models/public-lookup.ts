import { type LookupAddress, lookup } from 'node:dns';
import { lookup as resolveName } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-address.js';

/** Resolves a name for a connection, and takes no address that is not public: a name can mean another address every time it is asked. */
export const publicLookup: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found: LookupAddress[] = []) => {
    const bad = found.find(({ address }) => isPrivateAddress(address));
    if (error !== null || found.length === 0) return done(error ?? new Error('there is no such host'), '', 0);
    if (bad !== undefined) return done(new Error(`${name} is the private address ${bad.address}`), '', 0);
    return options.all === true ? done(null, found) : done(null, found[0]?.address ?? '', found[0]?.family ?? 0);
  });
};

/** The private address that a name means here; `undefined` for a public one, and for one that cannot be resolved. */
export async function privateAddressOf(name: string): Promise<string | undefined> {
  const found = await resolveName(name, { all: true }).catch(() => []);
  return found.find(({ address }) => isPrivateAddress(address))?.address;
}
