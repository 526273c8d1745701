import { invalid } from './errors.js';

/** One asked-for field: `messages.limit(20){id,message}` has the argument `limit` and two fields of its own. */
export interface FieldRequest {
  name: string;
  args: Record<string, string>;
  fields: FieldRequest[];
}

/** Parses the Graph API's field expansion. Throws GraphError 100 when the syntax is wrong. */
export function parseFields(text: string): FieldRequest[] {
  const tokens = text.match(/[\w$]+|[(){},.]|\S/g) ?? [];
  let at = 0;

  const take = (expected?: string): string => {
    const token = tokens[at];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw invalid(`Syntax error in fields near "${tokens.slice(at, at + 3).join('')}".`);
    }
    at += 1;
    return token;
  };

  const field = (): FieldRequest => {
    const request: FieldRequest = { name: take(), args: {}, fields: [] };
    if (!/^\w/.test(request.name)) throw invalid(`Syntax error in fields near "${request.name}".`);
    while (tokens[at] === '.') {
      take('.');
      const name = take();
      take('(');
      request.args[name] = take();
      take(')');
    }
    if (tokens[at] === '{') {
      take('{');
      request.fields = list();
      take('}');
    }
    return request;
  };

  const list = (): FieldRequest[] => {
    const fields = [field()];
    while (tokens[at] === ',') {
      take(',');
      fields.push(field());
    }
    return fields;
  };

  const fields = tokens.length === 0 ? [] : list();
  if (at < tokens.length) throw invalid(`Syntax error in fields near "${tokens.slice(at, at + 3).join('')}".`);
  return fields;
}

/** Picks the asked-for fields of an object by its table of getters. Throws GraphError 100 for one that does not exist. */
export function pick<T>(
  source: T,
  fields: readonly FieldRequest[],
  getters: Record<string, (source: T, field: FieldRequest) => unknown>,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    const getter = Object.hasOwn(getters, field.name) ? getters[field.name] : undefined;
    if (getter === undefined) throw invalid(`Tried accessing nonexisting field (${field.name}).`);
    const value = getter(source, field);
    if (value !== undefined) picked[field.name] = value;
  }
  return picked;
}
