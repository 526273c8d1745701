import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef4fd',
  '#dbe7f9',
  '#b4cdf3',
  '#8ab1ec',
  '#6798e5',
  '#4682d9',
  '#2f6dc9',
  '#1f5fbf',
  '#194f9f',
  '#123e80',
];

/** Shades are chosen so that text reaches a contrast of 4.5:1 in both colour schemes (WCAG 2.2 AA). */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  colors: { brand },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
  headings: {
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
    fontWeight: '650',
  },
  // The placeholder is a focusable child that a menu must not have (ARIA); the first item takes the focus instead.
  components: { Menu: { defaultProps: { withInitialFocusPlaceholder: false } } },
  breakpoints: { xs: '36em', sm: '48em', md: '64em', lg: '75em', xl: '88em' },
});

/** Mantine's own dimmed, placeholder and error colours stay below 4.5:1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#667079',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': '#1f5fbf',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b0b8',
    '--mantine-color-placeholder': '#979fa8',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#8ab1ec',
  },
});
