export type { UpdateContext } from './operator.js';
export * from './timestamps.js';
export * from './update.js';
export * from './upsert.js';
