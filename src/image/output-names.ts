/** Kinds of files in which ComfyUI and its packs leave outputs, by the ending of the name. */
const endings =
  /\.(?:a?png|webp|jpe?g|gif|avif|tiff?|bmp|exr|mp4|m4v|mov|webm|mkv|flac|mp3|opus|ogg|wav|latent|safetensors|glb|gltf|obj|ply|stl|fbx|svg)$/i;

/** Whether a file may be an output; its bytes decide. */
export const isOutputName = (name: string): boolean => endings.test(name);
