import type { Rule } from 'eslint';

export declare const sessionInActs: Rule.RuleModule;
