/** The Node-RED host's door: what node shells, config nodes and the build use. */
export { registerAction } from './action';
export { registerSourceTrigger } from './sourceTrigger';
export { registerTrigger } from './trigger';
export { registerAccount, registerChannel } from './configNodes';
export { defineConfig, type ConfigDefinition } from './config';
export { nodeRedCatalogue } from './catalogue';
export { nodeRedHtml, type NodeRedHtmlOptions } from './html';
export { nodeRedType } from './nodeType';
export type { NodeAPI } from './red';
