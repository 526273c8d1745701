import ts from 'typescript';

/** A tree of texts, as a language file holds it. */
export type Tree = { [key: string]: string | Tree };

const PLURAL = /_(zero|one|two|few|many|other)$/;
const PLACE = /\{\{\s*(\w+)[^}]*\}\}/g;

/** The texts of a language by `area:key`; plural forms stay apart. */
export function flatten(areas: Record<string, Tree>): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (tree: Tree, prefix: string): void => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') texts.set(prefix + key, value);
      else walk(value, `${prefix}${key}.`);
    }
  };
  for (const [area, tree] of Object.entries(areas)) walk(tree, `${area}:`);
  return texts;
}

const stem = (key: string): string => key.replace(PLURAL, '');
const places = (text: string): string => [...new Set([...text.matchAll(PLACE)].map(([, name]) => name))].sort().join();

/** What a language lacks of English or has too many of: keys, plural forms, places of parameters. */
export function compare(language: string, english: Map<string, string>, texts: Map<string, string>): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const wanted = new Map<string, string>();
  for (const [key, text] of english) {
    if (!PLURAL.test(key)) wanted.set(key, text);
    else for (const form of forms) wanted.set(`${stem(key)}_${form}`, english.get(`${stem(key)}_other`) ?? text);
  }
  const lacks = [...wanted.keys()].filter((key) => !texts.has(key)).map((key) => `${key} is missing in ${language}`);
  const odd = [...texts.keys()].filter((key) => !wanted.has(key)).map((key) => `${key} is not in English`);
  const differs = [...texts].flatMap(([key, text]) => {
    const like = wanted.get(key);
    // A form that stands for one number may leave the number out.
    const fine = like === undefined || PLURAL.test(key) || places(like) === places(text);
    return fine ? [] : [`${key} has other places in ${language}: ${places(text)} instead of ${places(like)}`];
  });
  return [...lacks, ...odd, ...differs];
}

/**
 * The keys that a source file asks for, as `area:key`; `*` stands for what is known at run time only. Calls count that go to
 * `t`, after `useTranslation` with the area or areas, to `words.t` or `i18n.t`, and to `textFor` with a prefix.
 */
export function usedKeys(file: string, source: string): string[] {
  const keys: string[] = [];
  const visit = (node: ts.Node, area: string): void => {
    const here = ts.isBlock(node) ? (areaOf(node) ?? area) : area;
    if (ts.isCallExpression(node)) keys.push(...keysOf(node, here));
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX), 'common');
  return keys;
}

/** The first area that a function's body takes its texts from. */
function areaOf(block: ts.Block): string | null {
  for (const statement of block.statements) {
    const found = /^const \{[^}]*\bt\b[^}]*\} = useTranslation\(\[?'?(\w*)/.exec(statement.getText());
    if (found !== null) return found[1] || 'common';
  }
  return null;
}

function keysOf(call: ts.CallExpression, area: string): string[] {
  const callee = call.expression.getText();
  const isText = callee === 't' || callee === 'words.t' || callee === 'i18n.t';
  if (!isText && callee !== 'textFor') return [];
  const argument = call.arguments[isText ? 0 : 1];
  if (argument === undefined) return [];
  return patternsOf(argument).map((key) => `${key.includes(':') ? '' : `${area}:`}${key}${isText ? '' : '*'}`);
}

function patternsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `*${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) return [...patternsOf(node.whenTrue), ...patternsOf(node.whenFalse)];
  return [];
}

/** What the sources ask for and English lacks, and what English has and nothing asks for. */
export function compareUse(used: readonly string[], english: Map<string, string>): string[] {
  const keys = new Set([...english.keys()].map(stem));
  const asked = new Set<string>();
  const missing = [...new Set(used)].flatMap((pattern) => {
    const found = matching(pattern, keys);
    for (const key of found) asked.add(key);
    // Areas that are known at run time only may have nothing to say of it.
    return found.length === 0 && !pattern.startsWith('*:') ? [`${pattern} is used and not in English`] : [];
  });
  return [...missing, ...[...keys].filter((key) => !asked.has(key)).map((key) => `${key} is never used`)];
}

function matching(pattern: string, keys: ReadonlySet<string>): string[] {
  if (!pattern.includes('*')) return keys.has(pattern) ? [pattern] : [];
  const form = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
  return [...keys].filter((key) => form.test(key));
}
