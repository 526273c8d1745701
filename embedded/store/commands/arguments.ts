import { Doc, isNumber, StoreError, typeName, type Value } from '../values/index.js';

/** Fields that every command takes; what they ask for is honoured or harmless on one durable node. */
const COMMON_FIELDS = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  '$readPreference',
  '$clusterTime',
  'comment',
  'maxTimeMS',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** Throws MongoDB's "unknown field" error for the first field of `doc` that is not in the list. */
export function requireKnownFields(what: string, doc: Doc, known: readonly string[], common = false): void {
  for (const field of doc.keys) {
    if ((common && COMMON_FIELDS.has(field)) || known.includes(field)) continue;
    throw new StoreError(40415, `BSON field '${what}.${field}' is an unknown field.`, { codeName: 'IDLUnknownField' });
  }
}

/** Typed access to the fields of a command; a wrong type is MongoDB's error 14. */
export class Arguments {
  constructor(
    /** Name of the command or of the part of it, for messages. */
    readonly what: string,
    readonly doc: Doc,
  ) {}

  get(field: string): Value | undefined {
    const value = this.doc.get(field);
    return value === null ? undefined : value;
  }

  string(field: string): string | undefined {
    const value = this.get(field);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrongType(field, value, 'string');
  }

  document(field: string): Doc | undefined {
    const value = this.get(field);
    if (value === undefined || value instanceof Doc) return value;
    throw this.wrongType(field, value, 'object');
  }

  array(field: string): Value[] | undefined {
    const value = this.get(field);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.wrongType(field, value, 'array');
  }

  documents(field: string): Doc[] | undefined {
    return this.array(field)?.map((value, at) => {
      if (value instanceof Doc) return value;
      throw this.wrongType(`${field}.${at}`, value, 'object');
    });
  }

  /** A true or false; numbers count as booleans where MongoDB accepts them. */
  boolean(field: string): boolean | undefined {
    const value = this.get(field);
    if (value === undefined || typeof value === 'boolean') return value;
    if (isNumber(value)) return Number(value) !== 0;
    throw this.wrongType(field, value, 'bool');
  }

  /** A whole number that is not negative. */
  count(field: string): number | undefined {
    const value = this.number(field);
    if (value === undefined) return undefined;
    if (value < 0)
      throw new StoreError(51024, `BSON field '${this.what}.${field}' value must be >= 0, actual value '${value}'`);
    return value;
  }

  /** A whole number. */
  number(field: string): number | undefined {
    const value = this.get(field);
    if (value === undefined) return undefined;
    if (!isNumber(value)) throw this.wrongType(field, value, 'number');
    const number = Number(value.toString());
    if (!Number.isFinite(number)) throw new StoreError(2, `BSON field '${this.what}.${field}' must be a finite number`);
    return Math.trunc(number);
  }

  /** Refuses options that would change the answer here but are not supported. */
  refuse(...fields: string[]): void {
    for (const field of fields) {
      const value = this.get(field);
      if (value === undefined || value === false || (value instanceof Doc && value.size === 0)) continue;
      throw new StoreError(238, `The option '${field}' of '${this.what}' is not supported by this store`);
    }
  }

  private wrongType(field: string, value: Value, expected: string): StoreError {
    return new StoreError(
      14,
      `BSON field '${this.what}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  }
}
