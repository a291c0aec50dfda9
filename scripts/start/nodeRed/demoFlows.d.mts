/** The tabs that trade by themselves. */
export declare function restingTabs(nodes: readonly { readonly type: string }[]): ReadonlySet<unknown>;
