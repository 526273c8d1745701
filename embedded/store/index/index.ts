export * from './index-keys.js';
export * from './key-range.js';
export { encodeKeyValue, type Direction } from './key-value.js';
