/**
 * Inputs of core loader classes that name a model file, by class and input: the folder under ComfyUI's `models`.
 * The input's name alone is not enough: `clip_name` is a text encoder in CLIPLoader and a vision model in CLIPVisionLoader.
 */
const table = `
CheckpointLoaderSimple unCLIPCheckpointLoader ImageOnlyCheckpointLoader CheckpointLoader CreateHookModelAsLora CreateHookModelAsLoraModelOnly LTXVAudioVAELoader LTXAVTextEncoderLoader: ckpt_name = checkpoints
CheckpointLoader: config_name = configs
LoraLoader LoraLoaderModelOnly CreateHookLora CreateHookLoraModelOnly: lora_name = loras
TrainLoraNode: existing_lora = loras
VAELoader: vae_name = vae
UNETLoader: unet_name = diffusion_models
CLIPLoader: clip_name = text_encoders
DualCLIPLoader TripleCLIPLoader QuadrupleCLIPLoader: clip_name1 = text_encoders
DualCLIPLoader TripleCLIPLoader QuadrupleCLIPLoader: clip_name2 = text_encoders
TripleCLIPLoader QuadrupleCLIPLoader: clip_name3 = text_encoders
QuadrupleCLIPLoader: clip_name4 = text_encoders
LTXAVTextEncoderLoader: text_encoder = text_encoders
CLIPVisionLoader: clip_name = clip_vision
ControlNetLoader DiffControlNetLoader: control_net_name = controlnet
StyleModelLoader: style_model_name = style_models
GLIGENLoader: gligen_name = gligen
UpscaleModelLoader: model_name = upscale_models
LatentUpscaleModelLoader: model_name = latent_upscale_models
HypernetworkLoader: hypernetwork_name = hypernetworks
PhotoMakerLoader: photomaker_model_name = photomaker
ModelPatchLoader: name = model_patches
AudioEncoderLoader: audio_encoder_name = audio_encoders
DiffusersLoader: model_path = diffusers
LoadLoraModel LoadLoraTextEncoder: lora_name = loras
LoadBackgroundRemovalModel: bg_removal_name = background_removal
FrameInterpolationModelLoader: model_name = frame_interpolation
LoadMoGeModel LoadDA3Model: model_name = geometry_estimation
OpticalFlowLoader: model_name = optical_flow
`;

/** The table's lines: classes, the input that they share, its folder. Docs show them. */
export const coreModelInputs = table
  .trim()
  .split('\n')
  .map((line) => {
    const [classes = '', input = '', folder = ''] = line.split(/: | = /);
    return { classes: classes.split(' '), input, folder };
  });

const folders: ReadonlyMap<string, string> = new Map(
  coreModelInputs.flatMap(({ classes, input, folder }) =>
    classes.map((classType): [string, string] => [`${classType} ${input}`, folder]),
  ),
);

const coreClasses: ReadonlySet<string> = new Set([...folders.keys()].map((key) => key.slice(0, key.indexOf(' '))));

/** Whether the table has the class; such a node opens exactly the files that it names. */
export const isCoreLoader = (classType: string): boolean => coreClasses.has(classType);

/** The folder that a core class' input names a file of; members of rows (`loras.0.lora_name`) go by their own name. */
export function coreModelFolder(classType: string, input: string): string | undefined {
  return folders.get(`${classType} ${input.slice(input.lastIndexOf('.') + 1)}`);
}

/** Choices that name no file: nothing, ComfyUI's own decoder without weights, and what packs call the checkpoint's own VAE. */
export const noFiles: ReadonlySet<string> = new Set([
  '',
  'none',
  '[none]',
  'pixel_space',
  'baked',
  'baked vae',
  'baked_vae',
]);

export const isNoFile = (name: string): boolean => noFiles.has(name.trim().toLowerCase());

/** Extensions that ComfyUI takes for model files, and those of other runtimes that packs use. */
export const hasModelExtension = (name: string): boolean =>
  /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl|onnx|gguf|engine)$/i.test(name);

/**
 * Models that one name of VAELoader stands for. Tiny autoencoders are two files in `vae_approx`; `taehv` and its like are one file
 * there, listed without extension. Both are given without extension, as the name does not say which the folder holds.
 */
export function vaeFiles(name: string): readonly { readonly folder: string; readonly name: string }[] {
  if (/^(?:taesd(?:xl|3)?|taef[12]|taeqi2_1)$/.test(name)) {
    return ['encoder', 'decoder'].map((half) => ({ folder: 'vae_approx', name: `${name}_${half}` }));
  }
  if (/^(?:taehv|lighttaew2_[12]|lighttaehy1_5|taeltx_2|taeh3)[^.]*$/.test(name))
    return [{ folder: 'vae_approx', name }];
  return [{ folder: 'vae', name }];
}
