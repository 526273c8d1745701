import { useTranslation } from 'react-i18next';
import type { LabelDto } from '../../../../src/shared/schemas/label.js';
import { useLabels } from '../../hooks/use-labels.js';
import { formatList } from '../../i18n/formats.js';
import classes from './LabelChips.module.css';

/** The colour of a label, beside its title. */
export const LabelDot = ({ colour }: Pick<LabelDto, 'colour'>) => (
  <span className={classes.dot} data-colour={colour} aria-hidden />
);

/** A label as it stands on a conversation. */
export const LabelChip = ({ label }: { label: Pick<LabelDto, 'title' | 'colour' | 'description'> }) => (
  <span className={classes.chip} title={label.description || undefined}>
    <LabelDot colour={label.colour} />
    <bdi className={classes.title}>{label.title}</bdi>
  </span>
);

interface LabelChipsProps {
  ids: readonly string[];
  /** More are counted. Default: all are shown. */
  most?: number;
}

/** The labels of a conversation by title; those that are deleted show nothing. */
export function LabelChips({ ids, most = Infinity }: LabelChipsProps) {
  const { t, i18n } = useTranslation('labels');
  const labels = useLabels();
  const found = labels.data?.items.filter(({ id }) => ids.includes(id)) ?? [];
  if (found.length === 0) return null;
  const more = found.slice(most).map(({ title }) => title);
  return (
    <span className={classes.chips} data-one-line={most < Infinity || undefined} role="group" aria-label={t('title')}>
      {found.slice(0, most).map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
      {more.length > 0 && (
        <span className={classes.more} title={formatList(i18n.language, more)}>
          {t('more', { count: more.length })}
        </span>
      )}
    </span>
  );
}
