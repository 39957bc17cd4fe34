/** Said where there is nothing to look at, which is not the same as nothing being wrong. */
export const noneTracked = 'no workflow is tracked here: git comfy init finds them, --track <pattern> names others';
