/** A small workflow as ComfyUI's frontend saves it. */
export function smallWorkflow({ steps = 20, x = 10 }: { steps?: number; x?: number } = {}): string {
  return JSON.stringify({
    last_node_id: 2,
    last_link_id: 1,
    nodes: [
      {
        id: 1,
        type: 'CheckpointLoaderSimple',
        pos: [x, 20],
        size: [315, 98],
        flags: {},
        order: 0,
        mode: 0,
        inputs: [],
        outputs: [{ name: 'MODEL', type: 'MODEL', links: [1] }],
        properties: {},
        widgets_values: ['dreamshaper_8.safetensors'],
      },
      {
        id: 2,
        type: 'KSampler',
        pos: [x + 400, 20],
        size: [315, 262],
        flags: {},
        order: 1,
        mode: 0,
        inputs: [{ name: 'model', type: 'MODEL', link: 1 }],
        outputs: [],
        properties: {},
        widgets_values: [7, 'fixed', steps],
      },
    ],
    links: [[1, 1, 0, 2, 0, 'MODEL']],
    groups: [],
    config: {},
    extra: {},
    version: 0.4,
  });
}
