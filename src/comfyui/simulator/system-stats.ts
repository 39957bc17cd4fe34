import type { Json, JsonObject } from '../../workflow/json.js';
import type { Simulation } from './simulation.js';

/** The version whose behaviour is simulated. */
const simulatedVersion = '0.8.0';

/** `/system_stats`, saying in two places that nothing here is real: a key of its own, and the device's name. */
export function systemStats({ base }: Simulation): JsonObject {
  const system = new Map<string, Json>([
    ['os', 'linux'],
    ['ram_total', 8589934592],
    ['ram_free', 4294967296],
    ['comfyui_version', simulatedVersion],
    ['required_frontend_version', '1.35.9'],
    ['installed_templates_version', '0.7.67'],
    ['required_templates_version', '0.7.67'],
    ['python_version', '3.11.7 (simulated)'],
    ['pytorch_version', '2.9.1+simulated'],
    ['embedded_python', false],
    ['argv', ['main.py', '--cpu', '--simulated', '--base-directory', base]],
    ['simulated', true],
  ]);
  const device = new Map<string, Json>([
    ['name', 'simulated (no model runs here)'],
    ['type', 'cpu'],
    ['index', null],
    ['vram_total', 8589934592],
    ['vram_free', 4294967296],
    ['torch_vram_total', 8589934592],
    ['torch_vram_free', 4294967296],
  ]);
  return new Map<string, Json>([
    ['system', system],
    ['devices', [device]],
  ]);
}
