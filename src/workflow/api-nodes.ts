import { coreWidgetNames } from './core-widgets.js';
import { packsNamed } from './packs-named.js';
import { runningClasses, type Source } from './resolved-nodes.js';

/** Services that ComfyUI's own nodes ask, as the names of their classes begin. A class of a pack may begin like that too. */
const services =
  /^(?:Bria|ByteDance|Clarity|Claude|ElevenLabs|FishAudio|Gemini|Grok|HappyHorse|HeyGen|Higgsfield|HunyuanImage\w*Api|Ideogram|Kling|Krea\d|Ltx[Vv]?Api|Luma|Magnific|Meshy|MetaMuse|Minimax|Mirelo|Moonvalley|OpenAI|OpenRouter|Pixverse|Quiver|Recraft|Reve|Rodin3D|Runway|Sonilo|Stability|Sync(?:Talking|LipSync)|Tencent|Topaz|Tripo|Veed|Veo|Vidu|Wavespeed)/;

/** Of Black Forest Labs, beside whose nodes there are many that run here. */
const flux = /^Flux\d?(?:(?:Kontext)?(?:Pro|Max)|Ultra|Image|Video|VTO|Erase)/;

/** They only prepare what others send. */
const helpers =
  /^(?:KlingCameraControl|Luma(?:Concepts|Reference)Node$|OpenAI(?:ChatConfig|InputFiles)$|GeminiInputFiles$|Recraft(?:ColorRGB|Controls|Style))|VoiceSelector$/;

/**
 * Classes of a workflow that ask a paid service: what comes back depends on it, and is another each time. Told by their names, since no
 * file says it; those whose pack the workflow names are told only where that is ComfyUI itself.
 */
export function apiClasses(source: Source): string[] {
  const hints = packsNamed(source);
  return [...new Set(runningClasses(source))].filter((name) => {
    const hint = hints.get(name);
    return isApiName(name) && !coreWidgetNames().has(name) && (hint === undefined || hint.registry === 'comfy-core');
  });
}

const isApiName = (name: string) =>
  !helpers.test(name) && (services.test(name) || flux.test(name) || /Api$/.test(name));
