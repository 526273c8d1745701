import type { Collection } from '../storage/catalog.js';
import { indexFromSpec, type IndexDefinition } from '../storage/index-definition.js';
import { Doc, equalValues, StoreError, type Value } from '../values/index.js';
import { Arguments, requireKnownFields } from './arguments.js';
import type { Command } from './context.js';
import { expireSeconds, requireCollection } from './indexes.js';

const REFUSED = [
  'validator',
  'validationLevel',
  'validationAction',
  'viewOn',
  'pipeline',
  'expireAfterSeconds',
  'timeseries',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'cappedSize',
  'cappedMax',
  'dryRun',
];

/** `collMod`: the lifetime that a TTL index gives, and whether an index is hidden from queries. */
export const collMod: Command = {
  fields: ['collMod', 'index', ...REFUSED],
  async run(context) {
    context.body.refuse(...REFUSED);
    const collection = requireCollection(context);
    const change = context.body.document('index');
    if (change === undefined) return new Doc();
    const fields = new Arguments('collMod.index', change);
    requireKnownFields('collMod.index', change, [
      ...['name', 'keyPattern', 'expireAfterSeconds', 'hidden', 'unique', 'prepareUnique'],
    ]);
    fields.refuse('unique', 'prepareUnique');
    const index = chosenIndex(collection, fields);
    const { spec, told } = changedSpec(index, fields);
    const { store } = context.server;
    await store.writeAfterUsers(collection, ({ writer }) => {
      store.catalog.requireThere(collection);
      const { id, ready, readySequence, multikey } = index;
      const changed = Object.assign(indexFromSpec(id, spec, { ready, multikey }), { readySequence });
      collection.indexes = collection.indexes.map((other) => (other.id === id ? changed : other));
      store.catalog.save(writer, collection);
    });
    return told;
  },
};

function chosenIndex(collection: Collection, fields: Arguments): IndexDefinition {
  const name = fields.string('name');
  const key = fields.document('keyPattern');
  if (name === undefined && key === undefined)
    throw new StoreError(72, 'Must specify either index name or key pattern');
  if (name !== undefined && key !== undefined) {
    throw new StoreError(72, 'Cannot specify both key pattern and name.');
  }
  const found = collection.indexes.filter(({ name: other, spec }) =>
    key === undefined ? other === name : equalValues(spec.get('key') as Doc, key),
  );
  if (found.length > 1) {
    throw new StoreError(181, `index keyPattern matches ${found.length} indexes; give a name`, {
      codeName: 'AmbiguousIndexKeyPattern',
    });
  }
  const index = found[0];
  if (index !== undefined) return index;
  throw new StoreError(27, 'cannot find index for collMod', { codeName: 'IndexNotFound' });
}

/** The specification with the change in it, and what the answer tells: old and new values. */
function changedSpec(index: IndexDefinition, fields: Arguments): { spec: Doc; told: Doc } {
  const expire = fields.get('expireAfterSeconds');
  const hidden = fields.boolean('hidden');
  if (expire === undefined && hidden === undefined) {
    throw new StoreError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  const spec = index.spec.clone();
  const told = new Doc();
  if (expire !== undefined) changeExpiry(index, spec, expire, told);
  if (hidden !== undefined) changeHidden(index, spec, hidden, told);
  return { spec, told };
}

function changeExpiry({ pattern, spec: old }: IndexDefinition, spec: Doc, expire: Value, told: Doc): void {
  if (pattern[0]?.[0] === '_id') throw new StoreError(72, 'the _id field does not support TTL indexes');
  if (pattern.length !== 1) {
    throw new StoreError(72, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  const seconds = expireSeconds(expire, 72);
  const before = old.get('expireAfterSeconds');
  if (before !== undefined) told.append('expireAfterSeconds_old', BigInt(Number(before)));
  told.append('expireAfterSeconds_new', BigInt(seconds));
  spec.set('expireAfterSeconds', seconds);
}

function changeHidden({ name, spec: old }: IndexDefinition, spec: Doc, hidden: boolean, told: Doc): void {
  if (name === '_id_') throw new StoreError(2, "can't hide _id index");
  const before = old.get('hidden') === true;
  if (before === hidden) return;
  told.append('hidden_old', before);
  told.append('hidden_new', hidden);
  spec.delete('hidden');
  if (hidden) spec.append('hidden', true);
}
