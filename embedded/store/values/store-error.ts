/** MongoDB's error names by code, as listed in the server manual ("Error Codes"). */
const CODE_NAMES: Record<number, string> = {
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  28: 'PathNotViable',
  31: 'CannotBackfillArray',
  40: 'ConflictingUpdateOperators',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'InvalidDBRef',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  11000: 'DuplicateKey',
};

/** What a store error may carry besides code and text. */
export interface StoreErrorDetails {
  codeName?: string;
  labels?: string[];
  errInfo?: unknown;
}

/** A failure with MongoDB's error code; the commands turn it into `{ ok: 0, code, codeName, errmsg }`. */
export class StoreError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: string[];
  readonly errInfo: unknown;

  constructor(code: number, message: string, details: StoreErrorDetails = {}) {
    // Messages quote what clients sent, which need not be UTF-8; drivers do not take answers that are not.
    super(message.toWellFormed());
    this.name = 'StoreError';
    this.code = code;
    this.codeName = details.codeName ?? CODE_NAMES[code] ?? `Location${code}`;
    this.labels = details.labels ?? [];
    this.errInfo = details.errInfo;
  }
}
