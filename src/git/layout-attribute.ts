/** `comfy-layout=keep` in git's attributes: the layout of a workflow stays in the file. */
export const layoutAttribute = 'comfy-layout';
export const keepWord = 'keep';
