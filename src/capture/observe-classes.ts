import type { ClassEntry } from '../lock/entries.js';
import { interfaceDigest } from '../workflow/interface-digest.js';
import type { ObjectInfo } from '../workflow/interfaces.js';
import { widgetNames } from '../workflow/widgets.js';

/** The interfaces that a server has for classes; a class that it does not know is left out. */
export function observeClasses(classes: Iterable<string>, info: ObjectInfo | undefined): Map<string, ClassEntry> {
  const entries = new Map<string, ClassEntry>();
  for (const name of classes) {
    const found = info?.get(name);
    if (found === undefined) continue;
    const pack = found.pythonModule === undefined ? undefined : packOfModule(found.pythonModule);
    entries.set(name, {
      ...(pack === undefined ? {} : { pack }),
      interface: interfaceDigest(found),
      widgets: widgetNames(found),
    });
  }
  return entries;
}

/** `custom_nodes.` and the name of the pack, which may hold dots; everything else is ComfyUI's own, and one file there too. */
function packOfModule(pythonModule: string): string {
  const pack = /^custom_nodes\.(.+)$/.exec(pythonModule)?.[1];
  return pack === undefined || pack === 'websocket_image_save' ? 'comfyui' : pack;
}
