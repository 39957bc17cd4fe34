/**
 * Loaders of widespread packs, as their own sources have them: classes, then input and folder. Beside ComfyUI's own loaders these are what
 * most workflows hold; all others are told by a server's lists, or guessed.
 */
const table = `
UnetLoaderGGUF, UnetLoaderGGUFAdvanced: unet_name = diffusion_models
CLIPLoaderGGUF: clip_name = text_encoders
DualCLIPLoaderGGUF, TripleCLIPLoaderGGUF, QuadrupleCLIPLoaderGGUF: clip_name1 clip_name2 clip_name3 clip_name4 = text_encoders
CheckpointLoaderSimpleWithNoiseSelect, CheckpointLoader|pysssss, DynamiCrafterModelLoader: ckpt_name = checkpoints
LoraLoader|pysssss: lora_name = loras
ControlNetLoaderAdvanced, DiffControlNetLoaderAdvanced: control_net_name = controlnet
IPAdapterModelLoader: ipadapter_file = ipadapter
InstantIDModelLoader: instantid_file = instantid
PulidModelLoader, PulidFluxModelLoader: pulid_file = pulid
ADE_LoadAnimateDiffModel, ADE_AnimateDiffLoaderWithContext, ADE_AnimateDiffLoaderGen1: model_name = animatediff_models
ADE_AnimateDiffLoRALoader: name = animatediff_motion_lora
UltralyticsDetectorProvider: model_name = ultralytics
SAMLoader: model_name = sams
INPAINT_LoadInpaintModel: model_name = inpaint
INPAINT_LoadFooocusInpaint: head patch = inpaint
WanVideoModelLoader: model = diffusion_models
WanVideoVAELoader: model_name = vae
LoadWanVideoT5TextEncoder: model_name = text_encoders
WanVideoLoraSelect: lora = loras
MelBandRoFormerModelLoader: model_name = diffusion_models
Power Lora Loader (rgthree), LoRA Stacker, CR LoRA Stack, CR Load LoRA, easy loraStack, Lora Loader Stack (rgthree): * = loras
`;

/** The table's lines; docs show them. */
export const packModelInputs = table
  .trim()
  .split('\n')
  .map((line) => {
    const [classes = '', inputs = '', folder = ''] = line.split(/: | = /);
    return { classes: classes.split(', '), inputs: inputs.split(' '), folder };
  });

const folders: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  packModelInputs.flatMap(({ classes, inputs, folder }) => {
    const byInput = new Map(inputs.map((input) => [input, folder]));
    return classes.map((classType): [string, ReadonlyMap<string, string>] => [classType, byInput]);
  }),
);

/** The folder of a pack's input. Where nobody could tell the input's name (`#0`), the class alone says it: all its files are of one folder. */
export function packModelFolder(classType: string, input: string): string | undefined {
  const inputs = folders.get(classType);
  if (inputs === undefined) return undefined;
  return inputs.get(input) ?? (input.startsWith('#') ? [...inputs.values()][0] : inputs.get('*'));
}

/** Packs call the inputs of their loaders as ComfyUI does; numbered ones (`lora_name_2`) and those of two stages (`refiner_ckpt_name`) too. */
const usualInputs: readonly (readonly [RegExp, string])[] = [
  [/^(?:base_|refiner_)?ckpt_name/, 'checkpoints'],
  [/^lora(?:_name|_\d+|s?$|s?\.)/, 'loras'],
  [/^vae_name/, 'vae'],
  [/^(?:unet|diffusion_model)_name/, 'diffusion_models'],
  [/^control_?net(?:_name|_\d|$)/, 'controlnet'],
  [/^ipadapter_file/, 'ipadapter'],
];

/** Where not even the input's name is known, the class' own name may say it. */
const usualClasses: readonly (readonly [RegExp, string])[] = [
  [/lora/i, 'loras'],
  [/control-?net/i, 'controlnet'],
  [/ip-?adapter/i, 'ipadapter'],
];

/** The folder that the names of an input, or of the class, suggest; a guess. */
export function usualFolder(classType: string, input: string): string | undefined {
  const [names, text] = input.startsWith('#') ? [usualClasses, classType] : [usualInputs, input];
  return names.find(([name]) => name.test(text))?.[1];
}
