export * from './bounds.js';
export * from './distinct.js';
export * from './filter.js';
export * from './projection.js';
export type { Matcher } from './reach.js';
export * from './sort.js';
export * from './sorter.js';
