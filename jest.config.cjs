/** Unit, property, contract and tidy tests. Real hosts and browsers have a project of their own: they are slow and run in series. */
const shared = {
  testEnvironment: 'node',
  transform: { '\\.(ts|mjs)$': '<rootDir>/tests/setup/transform.cjs' },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{runtime,nodes,credentials,cli}/**/*.test.ts', '<rootDir>/tests/{tidy,contracts,golden,flows,faults}/**/*.test.ts'] },
    { ...shared, displayName: 'hosts', testMatch: ['<rootDir>/tests/hosts/**/*.test.ts'] },
  ],
};
