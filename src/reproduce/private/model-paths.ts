import type { Installation } from '../../comfyui/installation.js';

/**
 * `extra_model_paths.yaml` that leads a server to the user's model folders, in the order in which their own ComfyUI tries them. JSON strings are YAML
 * strings too, whatever a path is made of.
 */
export function modelPathsYaml({ modelFolders }: Pick<Installation, 'modelFolders'>): string {
  const folders = [...modelFolders].filter(([type, roots]) => type !== 'custom_nodes' && roots.length > 0);
  const lines = folders.map(([type, roots]) => `  ${JSON.stringify(type)}: ${JSON.stringify(roots.join('\n'))}`);
  return lines.length === 0 ? '{}\n' : `models:\n${lines.join('\n')}\n`;
}
