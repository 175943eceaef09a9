import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// Ten shades from light to dark each. The rest of the colours are tokens of `tokens.css`.
const tide: MantineColorsTuple = [
  '#e8f3f3',
  '#cfe4e5',
  '#a6cdd0',
  '#7ab8bd',
  '#4f9da4',
  '#2c838b',
  '#176b74',
  '#0c5760',
  '#08464e',
  '#04343a',
];
const go: MantineColorsTuple = [
  '#e2f2e7',
  '#c4e5cf',
  '#9cd3b0',
  '#6fc28f',
  '#44a96e',
  '#2b8f56',
  '#1f7c48',
  '#17693b',
  '#10532d',
  '#0a3f21',
];
const stop: MantineColorsTuple = [
  '#fbe7e4',
  '#f6cbc5',
  '#f2a79e',
  '#ef8f84',
  '#de6257',
  '#cb4338',
  '#b8322a',
  '#a3251e',
  '#841b16',
  '#66130f',
];

/** Mantine's surfaces of the dark scheme; the page's own are tokens. */
const dark: MantineColorsTuple = [
  '#e2e8e4',
  '#c3ccc7',
  '#9ba8a1',
  '#6f7d76',
  '#43504a',
  '#29332e',
  '#202925',
  '#171e1b',
  '#101513',
  '#0b0f0d',
];

/** Calm, dense, its own: small radius, text of 14 pixels, one accent; colour is kept for what production says. */
export const theme = createTheme({
  colors: { tide, go, stop, dark },
  primaryColor: 'tide',
  primaryShade: 6,
  defaultRadius: 4,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-code)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: { Button: Button.extend({ defaultProps: { size: 'sm' } }) },
});

/** Mantine's own surfaces take our tokens, so that there is one set of them. */
export const variables: CSSVariablesResolver = () => {
  const surfaces = {
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--quiet)',
    '--mantine-color-placeholder': 'var(--quiet)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--panel)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--stop)',
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
