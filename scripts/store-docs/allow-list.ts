import { isOperator } from '../../embedded/store/aggregate/expression.js';
import { compilePipeline } from '../../embedded/store/aggregate/index.js';
import { COMMANDS, REFUSED_COMMANDS } from '../../embedded/store/commands/registry.js';
import { compileFilter, compileProjection } from '../../embedded/store/query/index.js';
import { compileUpdate } from '../../embedded/store/update/index.js';
import { Doc, StoreError, type Value } from '../../embedded/store/values/index.js';
import { MONGODB_NAMES, type Group } from './mongodb-names.js';

const START = '<!-- allow-list: begin (written by npm run docs:store) -->';
const END = '<!-- allow-list: end -->';
const WIDTH = 120;

const of = (name: string, value: Value): Doc => new Doc([name], [value]);
const noLookup = async function* (): AsyncGenerator<Doc> {
  yield* [];
};

/** What compiles a use of each name. Its argument may be wrong: what counts is whether the name is known. */
const USES: Record<Group, (name: string) => unknown> = {
  topLevel: (name) => compileFilter(of(name, 1)),
  field: (name) => compileFilter(of('field', of(name, 1))),
  projection: (name) => compileProjection(of('field', of(name, 1))),
  update: (name) => compileUpdate(of(name, 1)),
  pushModifiers: (name) =>
    compileUpdate(of('$push', of('field', new Doc(['$each', name], [[], name === '$sort' ? 1 : 0])))),
  // Known to the command only, since it reads no documents.
  stages: (name) => name === '$collStats' || compilePipeline([of(name, 1)], { lookup: noLookup }),
  accumulators: (name) =>
    compilePipeline([of('$group', new Doc(['_id', 'field'], [null, of(name, 1)]))], { lookup: noLookup }),
  expressions: (name) => isOperator(name) || refuse(name),
};

function refuse(name: string): never {
  throw new StoreError(168, `Unrecognized expression '${name}'`);
}

/** True when the store knows the name; false when it refuses it by name. */
export function isSupported(group: Group, name: string): boolean {
  try {
    USES[group](name);
    return true;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const unknown = /not supported by this store|^unknown|^Unknown modifier|^Unrecognized/.test(error.message);
    return !(unknown && error.message.includes(name));
  }
}

/** The allow-list as Markdown, asked of the code. */
export function allowList(): string {
  return [
    START,
    '',
    'What MongoDB 7.0 has, by what the store knows of it. The rest is refused with an error that names it.',
    '',
    ...languageLines(),
    wrapped('- Commands:', [...COMMANDS.keys()], '  '),
    wrapped('  - refused:', [...REFUSED_COMMANDS], '    '),
    '',
    END,
  ].join('\n');
}

const TITLES: Record<Group, string> = {
  topLevel: 'Filters, beside fields',
  field: 'Filters, of a field',
  projection: 'Projections',
  update: 'Updates',
  pushModifiers: 'Modifiers of `$push` with `$each`',
  stages: 'Stages',
  accumulators: 'Accumulators of `$group`',
  expressions: 'Expressions',
};

function languageLines(): string[] {
  return (Object.keys(TITLES) as Group[]).flatMap((group) => {
    const known = MONGODB_NAMES[group].filter((name) => isSupported(group, name));
    const refused = MONGODB_NAMES[group].filter((name) => !known.includes(name));
    return [
      wrapped(`- ${TITLES[group]}:`, known, '  '),
      ...(refused.length === 0 ? [] : [wrapped('  - refused:', refused, '    ')]),
    ];
  });
}

/** Words as code behind a title, in lines of at most WIDTH characters. */
function wrapped(title: string, words: readonly string[], indent = ''): string {
  const lines = [title];
  for (const word of words.map((name) => `\`${name}\``)) {
    const last = lines[lines.length - 1] as string;
    if (last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}

/** The text with its marked section replaced. Throws when the marks are not there. */
export function withAllowList(text: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`The text lacks the lines "${START}" and "${END}"`);
  return text.slice(0, start) + allowList() + text.slice(end + END.length);
}
