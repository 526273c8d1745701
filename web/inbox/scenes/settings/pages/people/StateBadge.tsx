import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Whether somebody may log in, in words and colour. */
export function StateBadge({ active }: { active: boolean }) {
  const { t } = useTranslation(['people', 'common']);
  return (
    <Badge variant="default" tt="none" c={active ? 'var(--sb-good)' : 'var(--sb-soft)'}>
      {t(active ? 'active' : 'inactive')}
    </Badge>
  );
}
