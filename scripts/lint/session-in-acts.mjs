/** Types that carry a session. */
const CARRIERS = new Set(['Act', 'ClientSession', 'Applying']);

/** Names of what carries one, where a parameter has no type of its own: callbacks, and parts of an object. */
const NAMES = new Set(['act', 'unit', 'session']);

/** What begins a transaction and gives its session to a function. */
const OPENERS = new Set(['act', 'inTransaction', 'transaction', 'withTransaction']);

/** What keeps a function for later, when the transaction is over. */
const LATER = new Set(['afterwards', 'setImmediate', 'setTimeout']);

const STATEMENT =
  /^(find|count|update|delete|insert|replace)|^(create|exists|distinct|aggregate|bulkWrite|bulkSave|estimatedDocumentCount|save)$/;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const nameOf = (node) => (node?.type === 'MemberExpression' ? node.property.name : node?.name);

/** Whether a type names a session, itself or in one of its members. */
function isCarrier(type) {
  if (type?.type === 'TSTypeReference') return CARRIERS.has(nameOf(type.typeName) ?? type.typeName.right?.name);
  if (type?.type === 'TSTypeLiteral')
    return type.members.some(({ typeAnnotation }) => isCarrier(typeAnnotation?.typeAnnotation));
  return type?.type === 'TSUnionType' || type?.type === 'TSIntersectionType' ? type.types.some(isCarrier) : false;
}

function brings(param) {
  const target = param.type === 'AssignmentPattern' ? param.left : param;
  const type = target.typeAnnotation?.typeAnnotation;
  if (isCarrier(type)) return true;
  if (target.type === 'ObjectPattern')
    return target.properties.some(({ key, value }) => NAMES.has(key?.name) && value.type !== 'ObjectPattern');
  return type === undefined && NAMES.has(target.name);
}

/** Whether a node runs inside a transaction whose session it could name. */
function runsInTransaction(node) {
  for (let at = node; at !== null && at !== undefined; at = at.parent) {
    if (!FUNCTIONS.has(at.type)) continue;
    const { parent } = at;
    const takenBy = parent.type === 'CallExpression' && parent.arguments.includes(at) ? nameOf(parent.callee) : null;
    if (LATER.has(takenBy)) return false;
    if (at.params.some(brings) || OPENERS.has(takenBy)) return true;
  }
  return false;
}

/**
 * Whether a statement of the store is called: of a model, of its collection, or of one of the database’s; or a document is saved; or
 * anything is done with `onStore`, which is for statements outside of transactions.
 */
function isStatement({ callee }) {
  if (callee.name === 'onStore') return true;
  if (callee.type !== 'MemberExpression' || !STATEMENT.test(callee.property.name ?? '')) return false;
  if (callee.property.name === 'save') return true;
  const { object } = callee;
  if (object.type === 'Identifier') return /Model$/.test(object.name);
  const owner = object.type === 'CallExpression' ? object.callee : object;
  return owner.type === 'MemberExpression' && owner.property.name === 'collection';
}

/** Whether an argument names the session: in place, in what it spreads, or in the constant that it is. */
function namesSession(node, scope) {
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.some((part) =>
        part.type === 'SpreadElement' ? namesSession(part.argument, scope) : part.key.name === 'session',
      );
    case 'ConditionalExpression':
      return namesSession(node.consequent, scope) || namesSession(node.alternate, scope);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return namesSession(node.expression, scope);
    case 'Identifier':
      return isNamedBy(node.name, scope);
    default:
      return false;
  }
}

function isNamedBy(name, scope) {
  for (let at = scope; at !== null; at = at.upper) {
    const found = at.set.get(name);
    const value = found?.defs[0]?.node.init;
    if (found !== undefined) return value != null && namesSession(value, at);
  }
  return false;
}

/** Whether the chain that begins with the call goes on with `.session(…)`. */
function isChained(call) {
  let at = call;
  while (at.parent.type === 'MemberExpression' && at.parent.object === at && at.parent.parent.callee === at.parent) {
    if (at.parent.property.name === 'session') return true;
    at = at.parent.parent;
  }
  return false;
}

/** In code that is given a session, each statement of the store names it; one that does not would run outside of the transaction. */
export const sessionInActs = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      missing:
        'This statement is not part of the transaction around it: give it { session }, or do it before or after the act.',
    },
  },
  create: (context) => ({
    CallExpression(node) {
      if (!isStatement(node) || !runsInTransaction(node) || isChained(node)) return;
      const options = node.callee.property?.name === 'save' ? node.arguments : node.arguments.slice(1);
      const scope = context.sourceCode.getScope(node);
      if (!options.some((option) => namesSession(option, scope))) context.report({ node, messageId: 'missing' });
    },
  }),
};
