import { Doc, StoreError, typeName, type Value } from '../values/index.js';
import type { Scope, Variables } from './evaluate.js';
import { compileExpression } from './expression.js';
import { fieldPath } from './field-path.js';
import { compileFields } from './projection.js';
import { ProjectionNode } from './projection-tree.js';

/** A stage that makes one document out of one document. */
export type Transform = (doc: Doc, variables: Variables) => Doc;

const TRANSFORMS: Record<string, (argument: Value, scope: Scope) => Transform> = {
  $addFields: (argument, scope) => addFields('$addFields', argument, scope),
  $set: (argument, scope) => addFields('$set', argument, scope),
  $project: project,
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
};

/** True for the stages that `compileTransform` takes. */
export function isTransform(name: string): boolean {
  return Object.hasOwn(TRANSFORMS, name);
}

/** Compiles `$set`, `$addFields`, `$unset`, `$project`, `$replaceRoot` or `$replaceWith`. */
export function compileTransform(stage: Doc, scope: Scope): Transform {
  const name = stage.keys[0] ?? '';
  if (stage.size !== 1) {
    throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  if (!isTransform(name)) throw new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
  return TRANSFORMS[name]!(stage.values[0]!, scope);
}

function addFields(name: string, argument: Value, scope: Scope): Transform {
  if (!(argument instanceof Doc)) {
    throw new StoreError(40272, `${name} specification stage must be an object, got ${typeName(argument)}`);
  }
  const tree = new ProjectionNode();
  addComputed(tree, argument, '', scope);
  return (doc, variables) => tree.compute(doc, doc, variables);
}

function addComputed(tree: ProjectionNode, fields: Doc, prefix: string, scope: Scope): void {
  for (const [key, value] of fields) {
    const nested = value instanceof Doc && value.size > 0 && !value.keys[0]!.startsWith('$');
    if (nested) addComputed(tree, value, `${prefix}${key}.`, scope);
    else tree.add(fieldPath(prefix + key), compileExpression(value, scope));
  }
}

function project(argument: Value, scope: Scope): Transform {
  if (!(argument instanceof Doc)) throw new StoreError(15969, '$project specification must be an object');
  if (argument.size === 0)
    throw new StoreError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  return compileFields(argument, scope).apply;
}

function unset(argument: Value): Transform {
  const paths = Array.isArray(argument) ? argument : [argument];
  if (paths.length === 0)
    throw new StoreError(31119, '$unset specification must be a string or an array with at least one field');
  const spec = new Doc();
  for (const path of paths) {
    if (typeof path !== 'string')
      throw new StoreError(31120, '$unset specification must be a string or an array containing only string values');
    if (path.startsWith('$')) throw new StoreError(16410, `FieldPath field names may not start with '$': '${path}'`);
    spec.append(path, 0);
  }
  return compileFields(spec, new Set()).apply;
}

function replaceRoot(argument: Value, scope: Scope): Transform {
  if (!(argument instanceof Doc))
    throw new StoreError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(argument)}`,
    );
  const unknown = argument.keys.find((key) => key !== 'newRoot');
  if (unknown !== undefined) throw new StoreError(40415, `BSON field '$replaceRoot.${unknown}' is an unknown field.`);
  const newRoot = argument.get('newRoot');
  if (newRoot === undefined)
    throw new StoreError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
  return replaceWith(newRoot, scope);
}

function replaceWith(argument: Value, scope: Scope): Transform {
  const expression = compileExpression(argument, scope);
  return (doc, variables) => {
    const value = expression(doc, variables);
    if (value instanceof Doc) return value;
    const type = value === undefined ? 'missing' : typeName(value);
    throw new StoreError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was of type: ${type}`,
    );
  };
}
