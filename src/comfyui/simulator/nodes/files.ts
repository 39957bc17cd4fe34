import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { decodePng } from '../../../image/png.js';
import { writePng } from '../../../image/write-png.js';
import type { Json, JsonObject } from '../../../workflow/json.js';
import { annotatedPath, digestOf, type FileType, filePath, nextCounter } from '../disk.js';
import { imageOf, type NodeClass, type NodeResult, textOf, type Work } from '../node-class.js';
import { toImage } from '../picture-values.js';
import { dumps, PythonError } from '../python.js';
import { toBytes } from '../sample-bytes.js';
import type { Image } from '../values.js';

/** What goes into a saved picture: the prompt, then every key of `extra_pnginfo`. */
function texts(work: Work): [string, string][] {
  return [
    ['prompt', dumps(work.prompt)],
    ...[...work.extraPnginfo].map(([key, value]): [string, string] => [key, dumps(value)]),
  ];
}

/** Saves a batch under the prefix, numbered on from what is in the folder. */
async function save(image: Image, prefix: string, type: FileType, work: Work): Promise<NodeResult> {
  const path = filePath(work.base, type, posix.normalize(prefix));
  if (path === undefined)
    throw new PythonError('Exception', '**** ERROR: Saving image outside the output folder is not allowed.');
  await mkdir(dirname(path), { recursive: true });
  const subfolder = posix.dirname(posix.normalize(prefix));
  let counter = await nextCounter(path);
  const images: Json[] = [];
  for (const [index, frame] of image.frames.entries()) {
    const stem = posix.basename(prefix).replaceAll('%batch_num%', String(index));
    const filename = `${stem}_${String(counter++).padStart(5, '0')}_.png`;
    const target = `${dirname(path)}/${filename}`;
    await writeFile(target, writePng(image.width, image.height, toBytes(frame), texts(work)));
    images.push(fileItem(filename, subfolder === '.' ? '' : subfolder, type));
  }
  return { outputs: [], ui: { images } };
}

const fileItem = (filename: string, subfolder: string, type: FileType): JsonObject =>
  new Map([
    ['filename', filename],
    ['subfolder', subfolder],
    ['type', type],
  ]);

function expand(prefix: string, { width, height }: Image): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const values: Record<string, string> = {
    width: String(width),
    height: String(height),
    year: String(now.getFullYear()),
    month: two(now.getMonth() + 1),
    day: two(now.getDate()),
    hour: two(now.getHours()),
    minute: two(now.getMinutes()),
    second: two(now.getSeconds()),
  };
  return prefix.replace(/%(\w+)%/g, (whole, name: string) => values[name] ?? whole);
}

const imageName = (inputs: JsonObject) => String(inputs.get('image') ?? '');

export const files: Readonly<Record<string, NodeClass>> = {
  LoadImage: {
    validates: ['image'],
    validate: async (inputs, base) => {
      const name = imageName(inputs);
      return (await annotatedPath(base, name)) === undefined ? `Invalid image file: ${name}` : undefined;
    },
    fingerprint: async (inputs, base) => {
      const path = await annotatedPath(base, imageName(inputs));
      return path === undefined ? { lexeme: 'NaN' } : digestOf(path);
    },
    run: async (inputs, work) => {
      const path = await annotatedPath(work.base, textOf(inputs, 'image'));
      if (path === undefined) throw new PythonError('FileNotFoundError', 'No such file or directory');
      return { outputs: toImage(decodePng(await readFile(path))) };
    },
  },
  SaveImage: {
    run: (inputs, work) => {
      const image = imageOf(inputs, 'images');
      return save(image, expand(textOf(inputs, 'filename_prefix'), image), 'output', work);
    },
  },
  PreviewImage: {
    run: (inputs, work) => save(imageOf(inputs, 'images'), `ComfyUI_temp_${work.letters}`, 'temp', work),
  },
};
