import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exitCode } from '../errors.js';
import { git } from '../git/exec.js';
import { dragNodes, setWidget } from './demo-edits.js';
import { type DemoFolder, writeModel } from './demo-folder.js';
import type { Shell } from './demo-shell.js';

const portrait = 'workflows/portrait.json';
/** The picture of the story, where it ends up in the project. */
export const keeper = 'final/keeper.png';

/** A project is set up: three workflows, a lock of what they need. */
export async function setUp(folder: DemoFolder, shell: Shell, server: string): Promise<void> {
  await shell.act('A project');
  await shell.say(
    'Three workflows of ComfyUI lie in a folder. It becomes a git repository, and git comfy is told about it.',
  );
  await shell.type(['init', '--quiet']);
  await git(folder.project, ['config', 'user.name', 'Ada']);
  await git(folder.project, ['config', 'user.email', 'ada@example.org']);
  await shell.type(['config', 'comfy.server', server]);
  await shell.type(['comfy', 'init']);
  await shell.type(['add', '.']);
  await shell.type(['comfy', 'commit', '-m', 'Portrait, hires and repaint']);
  await shell.say(
    'The commit also holds comfy.lock: the hash of every model, the commit of every pack, every input picture.',
  );
}

/** Pictures are made; dragging is no change, a value is one line. */
export async function makePictures(folder: DemoFolder, shell: Shell): Promise<void> {
  await shell.act('A picture');
  await shell.say(
    'Checkpoint, LoRA, ControlNet, a pose as reference, the seed on "randomize": ComfyUI draws it, git comfy remembers it.',
  );
  await shell.type(['comfy', 'run', portrait]);
  await shell.say('An API-format prompt (HiRes fix) and an img2img workflow run the same way.');
  await shell.type(['comfy', 'run', 'workflows/hires.json']);
  await shell.type(['comfy', 'run', 'workflows/repaint.json']);
  await shell.act('What is a change, and what is not');
  await shell.say('She drags every node around and saves. Layout is kept, but it is no change:');
  await edit(folder, dragNodes);
  await shell.type(['diff']);
  await shell.type(['comfy', 'refresh']);
  await shell.type(['status', '--short']);
  await shell.say('She sets steps to 30 on the sampler called "base". That is one line:');
  await edit(folder, (text) => setWidget(text, 9, 2, 30));
  await shell.type(['diff', '--unified=0']);
  await shell.type(['comfy', 'diff']);
  await shell.type(['comfy', 'commit', '--all', '-m', 'More steps for the portrait']);
}

/** Things happen, as they do. */
export async function threeWeeksPass(folder: DemoFolder, shell: Shell): Promise<void> {
  await shell.act('Three weeks later');
  await shell.say(
    [
      'painter.safetensors was replaced by a newer version under the same name, the LoRA was renamed in a tidy-up, the pose was moved into a folder,',
      'the workflow was edited, and the picture was moved and renamed to final/keeper.png. The client calls: that one, please.',
    ].join(' '),
  );
  const { comfyui, project } = folder;
  await mkdir(join(folder.top, 'backup'), { recursive: true });
  await copyFile(checkpoint(folder), join(folder.top, 'backup/painter.safetensors'));
  await writeModel(folder, 'checkpoints/painter.safetensors', 'painter, second version');
  await move(
    join(comfyui, 'models/loras/ink-style.safetensors'),
    join(comfyui, 'models/loras/style/ink-final.safetensors'),
  );
  await move(join(comfyui, 'input/pose.png'), join(comfyui, 'input/old/pose-from-photo.png'));
  await move(join(comfyui, 'output/portrait_00001_.png'), join(project, keeper));
  await shell.say('How was it made, and what is no longer the same?');
  await shell.type(['comfy', 'show', keeper]);
  await shell.type(['comfy', 'verify', keeper], exitCode.no);
}

/** The same picture again: first with the new checkpoint, then with the old one. */
export async function makeItAgain(folder: DemoFolder, shell: Shell): Promise<void> {
  await shell.act('Make it again');
  await shell.say(
    'The LoRA and the pose are found under their new names by their hashes. The old checkpoint is nowhere, so this will not be the same picture:',
  );
  await shell.type(['comfy', 'reproduce', keeper]);
  await shell.say('The old checkpoint turns up in a backup and is put back.');
  await copyFile(join(folder.top, 'backup/painter.safetensors'), checkpoint(folder));
  await shell.type(['comfy', 'reproduce', keeper]);
  await shell.say('The client likes it, and wonders about less and more guidance. One thing at a time:');
  await shell.type(['comfy', 'vary', keeper, '--set', 'base.cfg=5,9']);
  await shell.say('Every run, every reproduction and every variation is in the history:');
  await shell.type(['comfy', 'log']);
}

const checkpoint = ({ comfyui }: DemoFolder) => join(comfyui, 'models/checkpoints/painter.safetensors');

async function edit({ project }: DemoFolder, change: (text: string) => string): Promise<void> {
  const path = join(project, portrait);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}
