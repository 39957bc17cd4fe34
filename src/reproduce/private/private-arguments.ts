/**
 * Arguments that decide how a picture is computed; what opens ports, reads or writes elsewhere, or loads other code is not among them. A record may
 * come from anybody.
 */
const harmless =
  /^--(?:cpu|cpu-vae|deterministic|fast|gpu-only|(?:high|normal|low|no)vram|force-[a-z0-9-]+|dont-upcast-attention|(?:fp|bf)\d+-[a-z-]+|use-[a-z-]*attention|cache-[a-z]+|supports-fp8-compute|reserve-vram|async-offload|cuda-malloc|cuda-device|default-device|directml|mmap-torch-files|default-hashing-function|disable-(?!all-custom-nodes$)[a-z-]+)$/;

const plainValue = /^[\w.:,]+$/;

/**
 * The recorded arguments that a server of ours is started with, as far as its version knows them.
 * @param source `comfy/cli_args.py` of that version
 */
export function privateArguments(recorded: readonly string[], source: string): string[] {
  const kept: string[] = [];
  let taking = false;
  for (const word of recorded) {
    const [option = '', value] = word.split(/=(.*)/s);
    if (word.startsWith('--')) {
      taking = harmless.test(option) && knows(source, option) && (value === undefined || plainValue.test(value));
    }
    if (taking && (word.startsWith('--') || plainValue.test(word))) kept.push(word);
  }
  return kept;
}

/** Whether a version has an option. */
export const knows = (source: string, option: string): boolean => source.includes(`"${option}"`);
