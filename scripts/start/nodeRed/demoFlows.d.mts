/** The prebuilt flows on the demo account, as `npm start` lays them on the canvas. */
export declare function demoFlows(root: string): readonly { readonly id: string; readonly type: string; readonly [field: string]: unknown }[];
/** The tabs that trade by themselves. */
export declare function restingTabs(nodes: readonly { readonly type: string }[]): ReadonlySet<unknown>;
