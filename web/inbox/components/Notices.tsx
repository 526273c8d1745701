import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

/** Milliseconds. */
const SHOWN_FOR = 6_000;

/** Where the page says what happened; the button that closes a notice has a name in the reader's language. */
export function Notices() {
  const { t } = useTranslation('common');
  const closeButtonProps = { 'aria-label': t('close') };
  return (
    <MantineThemeProvider inherit theme={{ components: { Notification: { defaultProps: { closeButtonProps } } } }}>
      <Notifications position="top-right" autoClose={SHOWN_FOR} />
    </MantineThemeProvider>
  );
}
