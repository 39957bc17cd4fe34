/** The order of known keys in canonical text, as the frontend itself writes them; unknown keys follow in file order. */
export const rootKeys = [
  'id',
  'revision',
  'last_node_id',
  'last_link_id',
  'nodes',
  'links',
  'floatingLinks',
  'groups',
  'definitions',
  'config',
  'extra',
  'version',
] as const;

export const definitionKeys = [
  'id',
  'version',
  'state',
  'revision',
  'config',
  'name',
  'description',
  'category',
  'inputNode',
  'outputNode',
  'inputs',
  'outputs',
  'widgets',
  'nodes',
  'groups',
  'links',
  'floatingLinks',
  'reroutes',
  'extra',
  'definitions',
] as const;

export const nodeKeyOrder = [
  'id',
  'type',
  'pos',
  'size',
  'flags',
  'order',
  'mode',
  'showAdvanced',
  'inputs',
  'outputs',
  'title',
  'properties',
  'widgets_values',
  'widgets_values_named',
  'color',
  'bgcolor',
  'boxcolor',
  'shape',
] as const;

export const slotKeyOrder = [
  'id',
  'name',
  'label',
  'type',
  'shape',
  'dir',
  'widget',
  'link',
  'links',
  'linkIds',
  'slot_index',
  'color_on',
  'color_off',
  'pos',
] as const;

export const linkKeyOrder = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type', 'parentId'] as const;

export const groupKeyOrder = ['id', 'title', 'bounding', 'color', 'font_size', 'flags'] as const;
