import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { ErrorBoundary } from './components/ErrorBoundary.js';
import { LanguageFrame } from './i18n/LanguageFrame.js';
import { startWords } from './i18n/languages.js';
import { cssVariables, theme } from './theme.js';

/** The page's nonce: Vite puts the server's placeholder into this element; without it a strict CSP refuses our styles. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

const words = await startWords();

createRoot(root).render(
  <StrictMode>
    <LanguageFrame words={words}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Notifications position="top-right" autoClose={6_000} />
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </MantineProvider>
    </LanguageFrame>
  </StrictMode>,
);
