/** Jest transform: one compiler everywhere, the esbuild that also makes the package. */
const { transformSync } = require('esbuild');
const { createHash } = require('node:crypto');

module.exports = {
  getCacheKey: (source, file, options) =>
    createHash('sha256').update(source).update(file).update(String(options.instrument)).update('3').digest('hex'),
  process(source, file) {
    const loader = file.endsWith('.ts') ? 'ts' : 'js';
    return transformSync(source, { loader, format: 'cjs', target: 'node24', sourcemap: 'inline', sourcefile: file });
  },
};
