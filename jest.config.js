import { TEST_PARTS } from './scripts/setup/parts.mjs';

const typescript = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
      module: { type: 'es6' },
    },
  ],
};

/** One project per part of `npm test`, so that `npm run test:unit` and friends can pick. */
const project = ([displayName, { folders }]) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: typescript,
  setupFilesAfterEnv: ['<rootDir>/test/support/time-limits.ts'],
});

export default {
  maxWorkers: 2,
  projects: Object.entries(TEST_PARTS).map(project),
};
