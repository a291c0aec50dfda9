import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

/** From now on this process loads TypeScript as it stands, compiled file by file with the compiler that also makes the package. */
export function loadTypeScript() {
  registerHooks({
    resolve(specifier, context, next) {
      const found = specifier.startsWith('.') ? sourceFile(specifier, context.parentURL) : undefined;
      return found === undefined ? next(specifier, context) : { url: pathToFileURL(found).href, format: 'commonjs', shortCircuit: true };
    },
    load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context);
      const file = fileURLToPath(url);
      const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node24', sourcefile: file, sourcemap: 'inline' });
      return { format: 'commonjs', source: code, shortCircuit: true };
    },
  });
}

function sourceFile(specifier, parent) {
  if (!parent?.startsWith('file:')) return undefined;
  const base = path.resolve(path.dirname(fileURLToPath(parent)), specifier);
  return [`${base}.ts`, `${base}/index.ts`, ...(base.endsWith('.ts') ? [base] : [])].find((file) => existsSync(file));
}
