import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { Notices } from './components/Notices.js';
import { ErrorBoundary } from './components/ErrorBoundary.js';
import { LanguageFrame } from './i18n/LanguageFrame.js';
import type { Words } from './i18n/instance.js';
import { startWords } from './i18n/languages.js';
import { cssVariables, theme } from './theme.js';

/** The page's nonce: Vite puts the server's placeholder into this element; without it a strict CSP refuses our styles. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

// Not awaited here: lazy pages could then not be built upon this file's chunk, and everything they share would be split off.
void startWords().then((words) => createRoot(root).render(<Page words={words} />));

function Page({ words }: { words: Words }) {
  return (
    <StrictMode>
      <LanguageFrame words={words}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce}
        >
          <Notices />
          <ErrorBoundary>
            <App />
          </ErrorBoundary>
        </MantineProvider>
      </LanguageFrame>
    </StrictMode>
  );
}
