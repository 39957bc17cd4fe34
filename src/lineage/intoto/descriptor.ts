/** An artifact as in-toto describes it; one of `uri`, `digest` and `content` has to be there. */
export interface ResourceDescriptor {
  readonly name: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly downloadLocation?: string;
  readonly mediaType?: string;
  /** Members that are ours begin with `gitcomfy_`. */
  readonly annotations?: Readonly<Record<string, string | boolean>>;
}

/** An object without the members that have no value, and `undefined` where none has. */
export function given<Value>(members: Readonly<Record<string, Value | undefined>>): Record<string, Value> | undefined {
  const found = Object.entries(members).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** As `given`, to be spread: `{ [name]: members }` or nothing. */
export function member<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: Value };
}

/** `sha256:<hex>` as an in-toto digest set. */
export const sha256Of = (digest: string): Record<string, string> => ({ sha256: digest.replace(/^sha256:/, '') });
