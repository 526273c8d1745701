/** What a refused save said about one field; `item` is the place in a list, from 0; null: the field as a whole. */
export interface FieldFault {
  item: number | null;
  message: string;
}

export interface FormFaults<K extends string> {
  fields: Partial<Record<K, FieldFault>>;
  /** What belongs to none of the form's fields, as the server says it. */
  others: string[];
}

interface Detail {
  field: string;
  message: string;
}

/** Sorts the server's details to the fields of a form. `allowedOrigins.1` is about the second of `allowedOrigins`. */
export function sortDetails<K extends string>(details: readonly Detail[], names: readonly K[]): FormFaults<K> {
  const fields: Partial<Record<K, FieldFault>> = {};
  const others: string[] = [];
  for (const { field, message } of details) {
    const [first = '', second] = field.split('.');
    const name = names.find((one) => one === first);
    if (name === undefined) others.push(`${field} ${message}`);
    else fields[name] ??= { item: second !== undefined && /^\d+$/.test(second) ? Number(second) : null, message };
  }
  return { fields, others };
}

/** Whether two sets of values differ; lists are compared by what they hold. */
export const differs = <V extends object>(a: V, b: V): boolean => changedFields(a, b).length > 0;

/** The fields in which the second differs from the first. */
export const changedFields = <V extends object>(before: V, after: V): (keyof V)[] =>
  (Object.keys(after) as (keyof V)[]).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));

/** Only what differs, for a request that changes just that. */
export function changesOf<V extends object>(before: V, after: V): Partial<V> {
  const changes: Partial<V> = {};
  for (const name of changedFields(before, after)) changes[name] = after[name];
  return changes;
}
