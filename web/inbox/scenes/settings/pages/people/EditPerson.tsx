import { Button, Group, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { UserDto } from '../../../../../../src/shared/schemas/user.js';
import { messageOf } from '../../../../api/failure.js';
import { usersApi } from '../../../../api/users.js';
import type { StaffRole } from '../../../../../../src/shared/schemas/user.js';
import { Loaded } from '../../../../components/Loaded.js';
import { Section } from '../../../../components/Section.js';
import { SettingsForm } from '../../../../components/SettingsForm.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useApi, useApp } from '../../../../hooks/app-context.js';
import { useSettingsForm } from '../../../../hooks/use-settings-form.js';
import { useUsers } from '../../../../hooks/use-users.js';
import { changesOf } from '../../../../logic/form-state.js';
import { queryKeys } from '../../../../stores/inbox-cache.js';
import { RoleField } from './RoleField.js';
import { StateBadge } from './StateBadge.js';

/** One person of the team: name, role, and whether they may log in. */
export function EditPerson() {
  const { t } = useTranslation('people');
  const { userId } = useParams();
  const users = useUsers();
  return (
    <Loaded query={users} find={({ items }) => items.find(({ id }) => id === userId)} gone={t('gone')}>
      {(user) => <PersonForm key={user.id} user={user} />}
    </Loaded>
  );
}

/** Changes a person and brings the list in step. Throws ApiFailure. */
function useUpdate() {
  const api = useApi(usersApi);
  const { session } = useApp();
  const queryClient = useQueryClient();
  return async (...args: Parameters<typeof api.update>): Promise<void> => {
    const { user } = await api.update(...args);
    session.setUser(user);
    queryClient.setQueryData<{ items: UserDto[] }>(
      queryKeys.users,
      (held) => held && { items: held.items.map((one) => (one.id === user.id ? user : one)) },
    );
  };
}

function PersonForm({ user }: { user: UserDto }) {
  const { t } = useTranslation('people');
  const update = useUpdate();
  const initial = { name: user.name, role: user.role as StaffRole };
  const form = useSettingsForm({
    initial,
    save: (values) => update(user.id, changesOf(initial, { ...values, name: values.name.trim() })),
  });
  return (
    <SettingsPage part={{ title: user.name, sentence: user.email }} actions={<StateBadge active={user.active} />}>
      <SettingsForm form={form} label={user.name}>
        <TextInput
          label={t('name')}
          autoComplete="off"
          value={form.values.name}
          error={form.errorOf('name', t('name'))}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <RoleField
          value={form.values.role}
          error={form.errorOf('role', t('role'))}
          onChange={(role) => form.set('role', role)}
        />
      </SettingsForm>
      <Access user={user} update={update} />
    </SettingsPage>
  );
}

function Access({ user, update }: { user: UserDto; update: ReturnType<typeof useUpdate> }) {
  const { t, i18n } = useTranslation('people');
  const me = useApp().user;
  const [busy, setBusy] = useState(false);
  const change = async (active: boolean): Promise<void> => {
    setBusy(true);
    try {
      await update(user.id, { active });
      notifications.show({ message: t(active ? 'reactivated' : 'deactivated', { name: user.name }) });
    } catch (error) {
      notifications.show({ color: 'red', title: t('accessFailed'), message: messageOf(i18n, error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('access')}>
      <Text size="sm" c="dimmed">
        {user.id === me.id ? t('ownAccess') : t(user.active ? 'activeHint' : 'inactiveHint', { name: user.name })}
      </Text>
      {user.id !== me.id && (
        <Group>
          <Button
            variant="default"
            {...(user.active ? { c: 'var(--sb-danger)' } : {})}
            loading={busy}
            onClick={() => void change(!user.active)}
          >
            {t(user.active ? 'deactivate' : 'reactivate', { name: user.name })}
          </Button>
        </Group>
      )}
    </Section>
  );
}
