/** Attributes whose text people read or hear. */
const SPOKEN = 'aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|description|hint|lead';

/** Letters, and more than one of them: a mark such as “·” or “j” needs no translation. */
const TEXT = '/\\p{L}{2}/u';

const message = 'Texts that people read stand in web/<app>/locales and come from useTranslation.';

/** For eslint's `no-restricted-syntax`: text that is written into a component cannot be translated. */
export const noLiteralText = [
  `JSXText[value=${TEXT}]`,
  `JSXElement > JSXExpressionContainer > Literal[value=${TEXT}]`,
  `JSXElement > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.cooked=${TEXT}]`,
  `JSXAttribute[name.name=/^(${SPOKEN})$/] > Literal[value=${TEXT}]`,
  `JSXAttribute[name.name=/^(${SPOKEN})$/] > JSXExpressionContainer > Literal[value=${TEXT}]`,
  `JSXAttribute[name.name=/^(${SPOKEN})$/] > JSXExpressionContainer > ConditionalExpression > Literal[value=${TEXT}]`,
  `JSXAttribute[name.name=/^(${SPOKEN})$/] > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.cooked=${TEXT}]`,
].map((selector) => ({ selector, message }));
