import { Doc, StoreError, type Value } from '../values/index.js';
import type { Expression, Variables } from './evaluate.js';

/** What a path of a projection asks for: keep it, drop it, or the value of an expression. */
export type Leaf = 'keep' | 'drop' | Expression;

/** The paths of a projection or `$addFields`, as a tree. */
export class ProjectionNode {
  private readonly children = new Map<string, ProjectionNode | Leaf>();
  private computes = false;

  /** Adds a path. Throws StoreError 31250 or 31249 when it meets another one. */
  add(parts: readonly string[], leaf: Leaf, at = 0): void {
    const name = parts[at]!;
    const child = this.children.get(name);
    if (typeof leaf === 'function') this.computes = true;
    if (at === parts.length - 1) {
      if (child !== undefined) throw new StoreError(31250, `Path collision at ${parts.join('.')}`);
      this.children.set(name, leaf);
      return;
    }
    if (child !== undefined && !(child instanceof ProjectionNode)) {
      const rest = parts.slice(at + 1).join('.');
      throw new StoreError(31249, `Path collision at ${parts.join('.')} remaining portion ${rest}`);
    }
    const node = child ?? new ProjectionNode();
    this.children.set(name, node);
    node.add(parts, leaf, at + 1);
  }

  /** The document with only the kept paths; also inside arrays. */
  include(doc: Doc): Doc {
    const result = new Doc();
    for (let i = 0; i < doc.size; i++) {
      const name = doc.keys[i]!;
      const child = this.children.get(name);
      const value = doc.values[i]!;
      const kept = child === 'keep' ? value : child instanceof ProjectionNode ? child.includeIn(value) : undefined;
      if (kept !== undefined) result.append(name, kept);
    }
    return result;
  }

  private includeIn(value: Value): Value | undefined {
    if (value instanceof Doc) return this.include(value);
    if (!Array.isArray(value)) return undefined;
    return value.map((element) => this.includeIn(element)).filter((element) => element !== undefined);
  }

  /** The document without the dropped paths; also inside arrays. */
  exclude(doc: Doc): Doc {
    const result = new Doc();
    for (let i = 0; i < doc.size; i++) {
      const name = doc.keys[i]!;
      const child = this.children.get(name);
      const value = doc.values[i]!;
      if (child !== 'drop') result.append(name, child instanceof ProjectionNode ? child.excludeIn(value) : value);
    }
    return result;
  }

  private excludeIn(value: Value): Value {
    if (value instanceof Doc) return this.exclude(value);
    return Array.isArray(value) ? value.map((element) => this.excludeIn(element)) : value;
  }

  /** Sets the computed paths of `target` to their values for `root`; a missing value removes the field. */
  compute(target: Doc, root: Doc, variables: Variables): Doc {
    if (!this.computes) return target;
    const result = target.clone();
    for (const [name, child] of this.children) {
      if (typeof child === 'function') {
        const value = child(root, variables);
        if (value === undefined) result.delete(name);
        else result.set(name, value);
      } else if (child instanceof ProjectionNode && child.computes) {
        result.set(name, child.computeIn(result.get(name), root, variables));
      }
    }
    return result;
  }

  /** Every element of an array gets the fields; any other value gives way to a document of them. */
  private computeIn(value: Value | undefined, root: Doc, variables: Variables): Value {
    if (Array.isArray(value)) return value.map((element) => this.computeIn(element, root, variables));
    return this.compute(value instanceof Doc ? value : new Doc(), root, variables);
  }
}
