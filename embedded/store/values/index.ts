export * from './compare.js';
export * from './decode.js';
export * from './doc.js';
export * from './encode.js';
export * from './js.js';
export * from './object-id.js';
export * from './store-error.js';
export * from './value.js';
