/** Said where there is nothing to look at, which is not the same as nothing being wrong. */
export const noneTracked = 'no workflow is tracked here; git comfy init says which files are workflows';
