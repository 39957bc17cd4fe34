const media =
  /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|exr|hdr|psd|svg|mp4|webm|mkv|mov|avi|m4v|wav|mp3|flac|ogg|m4a|opus|aac|latent|glb|gltf|obj|fbx|stl|ply)$/i;

/** Whether a name is that of a picture, video, sound, latent or 3D model; an annotation (`[output]`) may stand behind it. */
export const hasMediaExtension = (name: string): boolean => media.test(name.replace(annotation, ''));

/** What ComfyUI cuts from a name to learn its folder: exactly one space before the bracket. */
export const annotation = / \[(input|output|temp)\]$/;
