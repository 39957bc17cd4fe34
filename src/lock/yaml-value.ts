/** YAML as we read it: every scalar is its text, so `0123e456` stays a commit and `no` stays a name. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;
