import { Button, Group, MultiSelect, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { InboxDto } from '../../../../../../src/shared/schemas/inbox.js';
import type { UserDto } from '../../../../../../src/shared/schemas/user.js';
import { messageOf } from '../../../../api/failure.js';
import { inboxesApi } from '../../../../api/inboxes.js';
import { ChannelName } from '../../../../components/ChannelName.js';
import { Loaded } from '../../../../components/Loaded.js';
import { Section } from '../../../../components/Section.js';
import { SettingsForm } from '../../../../components/SettingsForm.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useApi } from '../../../../hooks/app-context.js';
import { useInboxes } from '../../../../hooks/use-inboxes.js';
import { useSettingsForm } from '../../../../hooks/use-settings-form.js';
import { useUsers } from '../../../../hooks/use-users.js';
import { changesOf } from '../../../../logic/form-state.js';
import { queryKeys } from '../../../../stores/inbox-cache.js';
import { InboxState } from './InboxState.js';

/** One connected account: its name, who works in it, where its widget may stand, and whether it is connected. */
export function EditInbox() {
  const { t } = useTranslation('inboxes');
  const { inboxId } = useParams();
  const inboxes = useInboxes();
  return (
    <Loaded query={inboxes} find={({ items }) => items.find(({ id }) => id === inboxId)} gone={t('gone')}>
      {(inbox) => <InboxForm key={inbox.id} inbox={inbox} />}
    </Loaded>
  );
}

/** Changes an inbox and brings the list in step. Throws ApiFailure. */
function useUpdate() {
  const api = useApi(inboxesApi);
  const queryClient = useQueryClient();
  return async (...args: Parameters<typeof api.update>): Promise<void> => {
    const { inbox } = await api.update(...args);
    queryClient.setQueryData<{ items: InboxDto[] }>(
      queryKeys.inboxes,
      (held) => held && { items: held.items.map((one) => (one.id === inbox.id ? inbox : one)) },
    );
  };
}

/** Channels that a widget reaches are bound to websites; others have nothing to allow. */
const hasOrigins = ({ channel, allowedOrigins }: InboxDto): boolean => channel === 'web' || allowedOrigins.length > 0;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function InboxForm({ inbox }: { inbox: InboxDto }) {
  const { t } = useTranslation('inboxes');
  const update = useUpdate();
  const users = useUsers();
  const valuesOf = (from: InboxDto) => ({
    name: from.name,
    memberIds: from.memberIds,
    allowedOrigins: from.allowedOrigins.join('\n'),
  });
  const form = useSettingsForm({
    initial: valuesOf(inbox),
    save: ({ name, memberIds, allowedOrigins }) => {
      const { name: oldName, memberIds: oldMembers, allowedOrigins: oldOrigins } = inbox;
      const before = { name: oldName, memberIds: oldMembers, allowedOrigins: oldOrigins };
      return update(
        inbox.id,
        changesOf(before, { name: name.trim(), memberIds, allowedOrigins: linesOf(allowedOrigins) }),
      );
    },
  });
  return (
    <SettingsPage part={{ title: inbox.name }} actions={<InboxState inbox={inbox} />}>
      <Text size="sm" component="div">
        <ChannelName channel={inbox.channel} />
      </Text>
      <SettingsForm form={form} label={inbox.name}>
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          autoComplete="off"
          value={form.values.name}
          error={form.errorOf('name', t('name'))}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <MultiSelect
          label={t('members')}
          description={t('membersHint')}
          placeholder={form.values.memberIds.length === 0 ? t('noMembers') : undefined}
          searchable
          hidePickedOptions
          nothingFoundMessage={t('nobodyFound')}
          comboboxProps={{ withinPortal: true }}
          value={form.values.memberIds}
          error={form.errorOf('memberIds', t('members'))}
          onChange={(ids) => form.set('memberIds', ids)}
          data={memberChoices(users.data?.items ?? [], form.values.memberIds)}
        />
        {hasOrigins(inbox) && (
          <Textarea
            label={t('origins')}
            description={t('originsHint')}
            placeholder={t('originsExample')}
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            value={form.values.allowedOrigins}
            error={form.errorOf('allowedOrigins', t('origins'))}
            onChange={(event) => form.set('allowedOrigins', event.currentTarget.value)}
          />
        )}
      </SettingsForm>
      <Connection inbox={inbox} update={update} />
    </SettingsPage>
  );
}

/** Active people, and those who are members although they are not. */
function memberChoices(users: readonly UserDto[], memberIds: readonly string[]) {
  const namesakes = (name: string): number => users.filter((one) => one.name === name).length;
  return users
    .filter(({ id, active }) => active || memberIds.includes(id))
    .map(({ id, name, email }) => ({ value: id, label: namesakes(name) > 1 ? `${name} (${email})` : name }));
}

function Connection({ inbox, update }: { inbox: InboxDto; update: ReturnType<typeof useUpdate> }) {
  const { t, i18n } = useTranslation('inboxes');
  const [busy, setBusy] = useState(false);
  const connected = inbox.state !== 'disconnected';
  const change = async (): Promise<void> => {
    setBusy(true);
    try {
      await update(inbox.id, { state: connected ? 'disconnected' : 'connected' });
      notifications.show({ message: t(connected ? 'disconnected' : 'connected', { name: inbox.name }) });
    } catch (error) {
      notifications.show({ color: 'red', title: t('connectionFailed'), message: messageOf(i18n, error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('connection')}>
      <Text size="sm" c="dimmed">
        {t(`connectionHint.${inbox.state}`)}
      </Text>
      <Group>
        <Button
          variant="default"
          {...(connected ? { c: 'var(--sb-danger)' } : {})}
          loading={busy}
          onClick={() => void change()}
        >
          {t(connected ? 'disconnect' : 'connect', { name: inbox.name })}
        </Button>
      </Group>
    </Section>
  );
}
