/** What to type where no ComfyUI folder was found: its files are then looked at. */
export const bringIntoReach = 'no ComfyUI folder was found: git config comfy.directory <path>';
