/**
 * unit: unit, property, contract and tidy tests. package: what `npm pack` makes, and n8n's own lint.
 * hosts: real hosts and browsers; they are slow, and each has a home and ports of its own.
 */
const shared = {
  testEnvironment: 'node',
  transform: { '\\.(ts|mjs)$': '<rootDir>/tests/setup/transform.cjs' },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/', '<rootDir>/tests/lint/package.json'],
};
module.exports = {
  // A guard against what hangs, not a clock: a busy machine takes its time.
  testTimeout: 30_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{runtime,nodes,credentials,cli}/**/*.test.ts', '<rootDir>/tests/{tidy,contracts,golden,flows,faults,simulate}/**/*.test.ts'] },
    { ...shared, displayName: 'package', testMatch: ['<rootDir>/tests/lint/**/*.test.ts'] },
    { ...shared, displayName: 'hosts', testMatch: ['<rootDir>/tests/hosts/**/*.test.ts'] },
  ],
};
