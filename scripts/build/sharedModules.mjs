import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** Packages that shells use as well and that must exist once (zod's registries hold our field labels). */
const SHARED_PACKAGES = ['zod'];

/** The name under which a source file is found in the bundle's `modules`. */
export function moduleName(file) {
  return file.replace(/\.ts$/, '');
}

/** Source of the bundle: the runtime's door by name, every shared module under its path. */
export function runtimeEntry(files) {
  const lines = files.map((file, index) => `import * as m${index} from ${JSON.stringify(file.includes('/') ? `./${moduleName(file)}` : file)};`);
  const table = files.map((file, index) => `${JSON.stringify(moduleName(file))}: m${index}`);
  const doors = ['runtime/index.ts', 'nodes/index.ts'].filter((file) => files.includes(file)).map((file) => `export * from './${moduleName(file)}';`);
  return [...lines, ...doors, `export const modules = { ${table.join(', ')} };`].join('\n');
}

/**
 * Esbuild plugin for shells: their own files are bundled, everything of the runtime, the definitions and the schemas is looked up in
 * dist/runtime/index.js, the n8n host in dist/runtime/n8n.js. So state and code exist once whatever a host loads.
 */
export function sharedModules({ root, toRuntime, isN8nDoor, onUse }) {
  return {
    name: 'shared-modules',
    setup(build) {
      build.onResolve({ filter: /^\./ }, (args) => {
        if (args.kind === 'entry-point' || args.namespace !== 'file') return undefined;
        const file = sourceFile(path.resolve(args.resolveDir, args.path));
        if (file === undefined) return undefined;
        const name = path.relative(root, file).split(path.sep).join('/');
        const inN8nHost = name.startsWith('runtime/hosts/n8n/');
        if (inN8nHost) return isN8nDoor ? undefined : n8nDoor(name, args.importer);
        if (isOwnFile(name)) return undefined;
        onUse(name);
        return { path: name, namespace: 'shared' };
      });
      build.onResolve({ filter: new RegExp(`^(${SHARED_PACKAGES.join('|')})$`) }, (args) => {
        onUse(args.path);
        return { path: args.path, namespace: 'shared' };
      });
      build.onResolve({ filter: /.*/, namespace: 'shared' }, (args) => ({ path: args.path, external: true }));
      build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path: name }) => ({
        contents: `module.exports = require(${JSON.stringify(`${toRuntime}/index.js`)}).modules[${JSON.stringify(moduleName(name))}];`,
      }));
      /** The host's folder has one door; reaching past it would copy its code. */
      function n8nDoor(name, importer) {
        if (name !== 'runtime/hosts/n8n/index.ts') return { errors: [{ text: `Import from runtime/hosts/n8n, not from ${name} (in ${path.relative(root, importer)}).` }] };
        return { path: `${toRuntime}/n8n.js`, external: true };
      }
    },
  };
}

/** Shells, credentials and the command are compiled into their own outputs; definitions and schemas are shared. */
function isOwnFile(name) {
  return name.startsWith('cli/') || (name.startsWith('credentials/') && name.endsWith('.credentials.ts'));
}

function sourceFile(target) {
  return [target, `${target}.ts`, `${target}/index.ts`].find((file) => existsSync(file) && statSync(file).isFile());
}
