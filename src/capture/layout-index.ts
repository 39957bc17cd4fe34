import type { LayoutName } from './layout-names.js';

/** Where layouts are, to be asked by blob, by path or by both. What a place is, its maker knows. */
export interface LayoutIndex<Place> {
  add(name: LayoutName, place: Place): void;
  exact(name: LayoutName): readonly Place[];
  ofBlob(blob: string): readonly Place[];
  ofPath(path: string): readonly Place[];
}

export function layoutIndex<Place>(): LayoutIndex<Place> {
  const places = new Map<string, Place[]>();
  const put = (key: string, place: Place) => {
    const there = places.get(key);
    if (there === undefined) places.set(key, [place]);
    else there.push(place);
  };
  const get = (key: string) => places.get(key) ?? [];
  return {
    add({ blob, path }, place) {
      for (const key of [`${blob} ${path}`, `blob ${blob}`, `path ${path}`]) put(key, place);
    },
    exact: ({ blob, path }) => get(`${blob} ${path}`),
    ofBlob: (blob) => get(`blob ${blob}`),
    ofPath: (path) => get(`path ${path}`),
  };
}
