import { expect, it } from '@jest/globals';
import { takesText } from '../../../../../web/inbox/logic/takes-text.js';

it.each([
  [{ tagName: 'INPUT', type: 'text' }, true],
  [{ tagName: 'INPUT', type: 'email' }, true],
  [{ tagName: 'INPUT', type: 'number' }, true],
  [{ tagName: 'TEXTAREA', type: 'textarea' }, true],
  [{ tagName: 'SELECT', type: 'select-one' }, true],
  [{ tagName: 'DIV', isContentEditable: true }, true],
  [{ tagName: 'INPUT', type: 'radio' }, false],
  [{ tagName: 'INPUT', type: 'checkbox' }, false],
  [{ tagName: 'BUTTON', type: 'button' }, false],
  [{ tagName: 'A' }, false],
  [{ tagName: 'BODY', isContentEditable: false }, false],
])('%j takes text: %s', (element, takes) => expect(takesText(element)).toBe(takes));
