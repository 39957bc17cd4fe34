/** Names of members whose text is a credential, whatever it looks like. */
const secretName =
  /^(?:api[_-]?key|.*[_-]api[_-]?key(?:[_-].*)?|.*auth[_-]?token.*|access[_-]?token|bearer|password|passwd|.*[_-]password|.*secret(?:[_-]?key)?|(?:hf|civitai|github)[_-]?token|client_id)$/i;

/** Texts that are credentials by their look, wherever they stand. */
const secretText =
  /\b(?:hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|comfyui-[0-9a-f]{40,}|AKIA[0-9A-Z]{16}|AIza[A-Za-z0-9_-]{35}|r8_[A-Za-z0-9]{30,}|sk_[0-9a-f]{40,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)|\bBearer\s+[\w.~+/-]{16,}=*|(?<=[?&](?:token|api_key|key|access_token)=)[^&\s"]+|(?<=:\/\/[^/\s:@]{0,200}:)[^/\s@]+(?=@)/g;

/** Folders at which a path of somebody's machine begins; a text such as `/imagine a cat` is none. */
const absolutePath =
  /^(?:file:\/\/\/?)?(?:[A-Za-z]:[\\/]|\\\\[^\\\s]+\\|~[\\/]|\/(?:home|Users|root|mnt|media|tmp|var|opt|data|srv|private|Volumes|usr|etc|content|kaggle|workspace|notebooks|app|run|storage|teamspace)\/)[^\n]*$/;

/** Whether a member of this name holds a credential. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** Whether a credential stands in a text, known by its look. */
export const holdsSecret = (text: string): boolean => text.search(secretText) >= 0;

/** The text with `marker` in place of every credential that is known by its look. */
export const withoutSecrets = (text: string, marker: string): string => text.replace(secretText, marker);

/** Whether a text is, as a whole, a path of somebody's machine. */
export const isAbsolutePath = (text: string): boolean => absolutePath.test(text);
