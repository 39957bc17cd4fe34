/** One thing to do. `about` completes "git comfy init would ..." and, in `doctor`, "missing: ...". */
export type Step = { readonly about: string } & (
  | { readonly do: 'write'; readonly path: string; readonly content: string; readonly executable?: boolean }
  /** Folders that are empty then go too, unless said otherwise. */
  | { readonly do: 'remove'; readonly path: string; readonly andEmptyParents?: false }
  | { readonly do: 'set-config'; readonly key: string; readonly value: string }
  | { readonly do: 'add-config'; readonly key: string; readonly value: string }
  | { readonly do: 'unset-config'; readonly key: string; readonly value?: string }
  | { readonly do: 'remove-section'; readonly section: string }
  | { readonly do: 'delete-ref'; readonly ref: string }
  | { readonly do: 'fetch'; readonly remote: string }
  | { readonly do: 'dress'; readonly paths: readonly string[] }
);

/** What a setup command will change, before it changes anything. */
export interface Plan {
  readonly steps: readonly Step[];
  /** What the person has to do or know; nothing of it is done for them. */
  readonly remarks: readonly string[];
}

export const nothing: Plan = { steps: [], remarks: [] };

export function joinPlans(...plans: readonly Plan[]): Plan {
  return {
    steps: plans.flatMap(({ steps }) => steps),
    remarks: plans.flatMap(({ remarks }) => remarks),
  };
}

/** What the steps do, each said once: several settings make one thing. */
export const aboutsOf = (steps: readonly Step[]): string[] => [...new Set(steps.map(({ about }) => about))];
