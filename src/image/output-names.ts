/** Kinds of files in which ComfyUI and its packs leave outputs, by the ending of the name. */
const endings = /\.(?:png|webp|jpe?g|gif|avif|mp4|mov|webm|mkv|flac|mp3|opus|ogg|latent|glb|svg)$/i;

/** Whether a file may be an output; its bytes decide. */
export const isOutputName = (name: string): boolean => endings.test(name);
