/** Films, animations, sounds and pictures. Playlists and the like, which lead to other files, are not opened. */
const formats: readonly string[] = [
  ...['mov', 'matroska', 'webm', 'avi', 'gif', 'apng', 'flac', 'wav', 'w64', 'mp3', 'ogg', 'aac', 'aiff'],
  ...['png_pipe', 'jpeg_pipe', 'webp_pipe', 'tiff_pipe', 'bmp_pipe', 'exr_pipe', 'jpegxl_pipe'],
];

/**
 * Arguments with which ffmpeg reads a file and nothing else: nothing in it may lead to another place.
 * @param path absolute
 */
export const reading = (path: string): string[] => [
  ...['-v', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe'],
  ...['-format_whitelist', formats.join(','), '-i', `file:${path}`],
];
