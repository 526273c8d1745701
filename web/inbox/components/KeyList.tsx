import { Modal, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { isCharacterKey } from '../logic/keys.js';
import type { Command } from '../stores/command-registry.js';
import { Keys } from './Keys.js';
import classes from './KeyList.module.css';

/** Every key there is, by group, and the switch for those of one letter. */
export default function KeyList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['shell', 'common']);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Groups />
    </Modal>
  );
}

function Groups() {
  const { t } = useTranslation(['shell', 'common']);
  const { commands, preferences } = useApp();
  const { letterKeys } = useStore(preferences.values);
  const groups = new Map<string, Command[]>();
  for (const command of commands.all()) {
    if (command.keys === undefined || command.keys.length === 0) continue;
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return (
    <>
      <Switch
        label={t('keys.letterKeys')}
        description={t('keys.letterKeysHint')}
        checked={letterKeys}
        onChange={(event) => preferences.set({ letterKeys: event.currentTarget.checked })}
      />
      <div className={classes.groups}>
        {[...groups].map(([group, listed]) => (
          <section key={group} aria-label={group}>
            <h3 className={classes.heading}>{group}</h3>
            <dl className={classes.list}>
              {listed.map(({ id, label, keys = [] }) => (
                <div
                  key={id}
                  className={classes.row}
                  data-off={(!letterKeys && keys.every(isCharacterKey)) || undefined}
                >
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}
