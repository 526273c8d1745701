const typescript = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    },
  ],
};

/** One project per kind of test, so that `npm run test:unit` and friends can pick. */
const project = (displayName, testMatch) => ({
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/test/${glob}`),
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: typescript,
  setupFilesAfterEnv: ['<rootDir>/test/support/time-limits.ts'],
});

export default {
  maxWorkers: 2,
  projects: [
    project('unit', ['unit/**/*.test.ts', 'architecture/**/*.test.ts']),
    project('store', ['embedded/**/*.test.ts']),
    project('integration', ['integration/**/*.test.ts']),
    project('chaos', ['chaos/**/*.test.ts']),
    project('browser', ['browser/**/*.test.ts']),
  ],
};
