import type { LayoutName } from './layout-names.js';

/** Where layouts are, to be asked by blob, by path or by both. What a "where" is, its maker knows. */
export interface LayoutIndex {
  add(name: LayoutName, where: string): void;
  exact(name: LayoutName): readonly string[];
  ofBlob(blob: string): readonly string[];
  ofPath(path: string): readonly string[];
}

export function layoutIndex(): LayoutIndex {
  const places = new Map<string, Set<string>>();
  const put = (key: string, where: string) => {
    const there = places.get(key);
    if (there === undefined) places.set(key, new Set([where]));
    else there.add(where);
  };
  const get = (key: string) => [...(places.get(key) ?? [])];
  return {
    add({ blob, path }, where) {
      for (const key of [`${blob} ${path}`, `blob ${blob}`, `path ${path}`]) put(key, where);
    },
    exact: ({ blob, path }) => get(`${blob} ${path}`),
    ofBlob: (blob) => get(`blob ${blob}`),
    ofPath: (path) => get(`path ${path}`),
  };
}
