export { compileExpression, truthy, type Expression, type Variables } from './expression.js';
export * from './pipeline.js';
export type { PipelineContext } from './stages/stage.js';
