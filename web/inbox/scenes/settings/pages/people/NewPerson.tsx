import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usersApi } from '../../../../api/users.js';
import type { NewUser } from '../../../../../../src/shared/schemas/user.js';
import { SecretOnce } from '../../../../components/SecretOnce.js';
import { SettingsForm } from '../../../../components/SettingsForm.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useApi } from '../../../../hooks/app-context.js';
import { useSettingsForm } from '../../../../hooks/use-settings-form.js';
import { newPassword } from '../../../../logic/new-password.js';
import { queryKeys } from '../../../../stores/inbox-cache.js';
import { RoleField } from './RoleField.js';

type Values = Omit<NewUser, 'password'>;

/** Adds somebody to the team; their first password is made here and shown once. */
export function NewPerson() {
  const { t } = useTranslation('people');
  const api = useApi(usersApi);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [added, setAdded] = useState<{ name: string; password: string } | null>(null);
  const form = useSettingsForm<Values>({
    initial: { name: '', email: '', role: 'agent' },
    save: async (values) => {
      const password = newPassword((bytes) => crypto.getRandomValues(bytes));
      const { user } = await api.create({ ...values, name: values.name.trim(), email: values.email.trim(), password });
      setAdded({ name: user.name, password });
      await queryClient.invalidateQueries({ queryKey: queryKeys.users });
    },
  });

  if (added !== null) {
    return (
      <SettingsPage part={{ title: t('added', { name: added.name }) }}>
        <SecretOnce
          label={t('password')}
          secret={added.password}
          hint={t('passwordHint', { name: added.name })}
          onDone={() => void navigate('/settings/people')}
        />
      </SettingsPage>
    );
  }
  return (
    <SettingsPage part={{ title: t('add'), sentence: t('addSentence') }}>
      <SettingsForm form={form} label={t('add')} submitLabel={t('addSubmit')}>
        <TextInput
          label={t('name')}
          autoFocus
          autoComplete="off"
          value={form.values.name}
          error={form.errorOf('name', t('name'))}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <TextInput
          label={t('email')}
          description={t('emailHint')}
          type="email"
          autoComplete="off"
          value={form.values.email}
          error={form.errorOf('email', t('email'))}
          onChange={(event) => form.set('email', event.currentTarget.value)}
        />
        <RoleField
          value={form.values.role}
          error={form.errorOf('role', t('role'))}
          onChange={(role) => form.set('role', role)}
        />
      </SettingsForm>
    </SettingsPage>
  );
}
