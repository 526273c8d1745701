export * from './index-keys.js';
export * from './key-range.js';
export * from './tuples.js';
export { encodeKeyValue, type Direction, type KeyPattern } from './key-value.js';
