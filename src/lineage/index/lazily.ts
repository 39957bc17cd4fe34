/** An object whose members are made when they are asked for, and once: most questions need few of them. */
export function lazily<T extends object>(makers: { readonly [K in keyof T]: () => T[K] }): T {
  const object = {};
  for (const [name, make] of Object.entries(makers) as [string, () => unknown][]) {
    let made: { readonly value: unknown } | undefined;
    const get = () => {
      made ??= { value: make() };
      return made.value;
    };
    Object.defineProperty(object, name, { get, enumerable: true });
  }
  return object as T;
}
