import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StaffRole } from '../../../../../../src/shared/schemas/user.js';

const ROLES: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];

interface RoleFieldProps {
  value: StaffRole;
  error: string | null;
  onChange: (role: StaffRole) => void;
}

/** Chooses a role and says what it may do. */
export function RoleField({ value, error, onChange }: RoleFieldProps) {
  const { t } = useTranslation(['people', 'common']);
  return (
    <NativeSelect
      label={t('role')}
      description={t(`roleHint.${value}`)}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value as StaffRole)}
      data={ROLES.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
    />
  );
}
