import names from './core-widgets.json' with { type: 'json' };

let table: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * Widget names of ComfyUI's own classes, in the order of `widgets_values`, so that a value has its name without a server.
 * `core-widgets.json` is made by `scripts/core-widgets.mjs` from the node lists of two servers; the newer one wins.
 */
export function coreWidgetNames(): ReadonlyMap<string, readonly string[]> {
  table ??= new Map(Object.entries(names).map(([classType, list]) => [classType, list.split(',')]));
  return table;
}
