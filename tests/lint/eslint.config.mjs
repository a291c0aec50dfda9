/** Run over what render.mjs writes, from the folder it writes to. Every exception is argued in docs/decisions/0011-n8n-lint-exceptions.md. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(path.join(process.env.BELLWETHER_LINT_RULES, 'package.json'));
const community = await load('@n8n/eslint-plugin-community-nodes');
const base = await load('eslint-plugin-n8n-nodes-base');
const tseslint = await load('typescript-eslint');

const { ignores: _, ...recommended } = community.configs.recommendedWithoutN8nCloudSupport;
const plugins = { 'n8n-nodes-base': base };
const languageOptions = { parser: tseslint.parser };

export default [
  { ...recommended, languageOptions },
  { files: ['package.json'], plugins, languageOptions: { ...languageOptions, parserOptions: { extraFileExtensions: ['.json'] } }, rules: base.configs.community.rules },
  { files: ['nodes/**/*.node.ts'], plugins, languageOptions, rules: base.configs.nodes.rules },
  { files: ['credentials/**/*.credentials.ts'], plugins, languageOptions, rules: base.configs.credentials.rules },
  { files: ['nodes/**/*.node.ts'], plugins, rules: {
    // Contradicts the community rules, which want NodeConnectionTypes.Main.
    'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
    'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
    // Nodes that place orders or send messages are no tools for a language model.
    '@n8n/community-nodes/node-usable-as-tool': 'off',
    // A person pastes the URL into TradingView or ChartInk: there is no service to register it with.
    '@n8n/community-nodes/webhook-lifecycle-complete': 'off',
    // The order of choices and fields has a meaning.
    'n8n-nodes-base/node-param-options-type-unsorted-items': 'off',
    'n8n-nodes-base/node-param-multi-options-type-unsorted-items': 'off',
    'n8n-nodes-base/node-param-collection-type-unsorted-items': 'off',
    'n8n-nodes-base/node-param-fixed-collection-type-unsorted-items': 'off',
    // The live meaning of a condition is read, not chosen: it is no list of entities with ids.
    'n8n-nodes-base/node-param-display-name-wrong-for-dynamic-options': 'off',
    'n8n-nodes-base/node-param-description-wrong-for-dynamic-options': 'off',
    // What can be done with a position is one list of operations on one thing.
    '@n8n/community-nodes/resource-operation-pattern': 'off',
    // Units stand behind a label as they are written.
    'n8n-nodes-base/node-param-display-name-miscased': 'off',
  } },
  // An alert's key and a channel's webhook address are secrets, whatever their field is called.
  { files: ['credentials/**/*.credentials.ts'], plugins, rules: {
    '@n8n/community-nodes/credential-unnecessary-password': 'off',
    // n8n's own credentials name a page of its documentation in camelCase; community packages give an address.
    'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
    'n8n-nodes-base/cred-class-field-documentation-url-not-http-url': 'error',
  } },
];

async function load(name) {
  const loaded = await import(pathToFileURL(require.resolve(name)).href);
  return loaded.default ?? loaded;
}
