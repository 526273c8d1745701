import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { LABEL_COLOURS, LABEL_LIMITS, type LabelColour } from '../../../../../../src/shared/labels.js';
import type { LabelDto } from '../../../../../../src/shared/schemas/label.js';
import { messageOf } from '../../../../api/failure.js';
import { labelsApi } from '../../../../api/labels.js';
import { Loaded } from '../../../../components/Loaded.js';
import { Section } from '../../../../components/Section.js';
import { SettingsForm } from '../../../../components/SettingsForm.js';
import { SettingsPage } from '../../../../components/SettingsPage.js';
import { useApi, useApp } from '../../../../hooks/app-context.js';
import { labelsQuery, useLabels } from '../../../../hooks/use-labels.js';
import { useSettingsForm, type SettingsFormState } from '../../../../hooks/use-settings-form.js';
import { changesOf } from '../../../../logic/form-state.js';
import { LabelChip, LabelDot } from '../../../../parts/labels/LabelChips.js';
import classes from './LabelForm.module.css';

type Values = Omit<LabelDto, 'id'>;

/** Reads the labels anew after a change of the reader's own. */
function useReadAnew(): () => Promise<void> {
  const queryClient = useQueryClient();
  const { http } = useApp();
  return () => queryClient.invalidateQueries(labelsQuery(http));
}

/** Adds a label. */
export function NewLabel() {
  const { t } = useTranslation('labels');
  const api = useApi(labelsApi);
  const readAnew = useReadAnew();
  const navigate = useNavigate();
  const form = useSettingsForm<Values>({
    initial: { title: '', description: '', colour: 'blue' },
    save: async (values) => {
      await api.create(values);
      await readAnew();
    },
    onSaved: () => void navigate('/settings/labels'),
  });
  return (
    <SettingsPage part={{ title: t('add') }}>
      <SettingsForm form={form} label={t('add')} submitLabel={t('addSubmit')}>
        <Fields form={form} />
      </SettingsForm>
    </SettingsPage>
  );
}

/** Changes or deletes a label. */
export function EditLabel() {
  const { t } = useTranslation('labels');
  const { labelId } = useParams();
  const labels = useLabels();
  return (
    <Loaded query={labels} find={({ items }) => items.find(({ id }) => id === labelId)} gone={t('gone')}>
      {(label) => <ChangeLabel key={label.id} label={label} />}
    </Loaded>
  );
}

function ChangeLabel({ label }: { label: LabelDto }) {
  const { t } = useTranslation('labels');
  const api = useApi(labelsApi);
  const readAnew = useReadAnew();
  const { id, ...initial } = label;
  const form = useSettingsForm<Values>({
    initial,
    save: async (values) => {
      await api.change(id, changesOf(initial, values));
      await readAnew();
    },
  });
  return (
    <SettingsPage part={{ title: label.title }}>
      <SettingsForm form={form} label={label.title}>
        <Fields form={form} />
      </SettingsForm>
      <Section title={t('deleteTitle')}>
        <DeleteLabel label={label} />
      </Section>
    </SettingsPage>
  );
}

function Fields({ form }: { form: SettingsFormState<Values> }) {
  const { t } = useTranslation('labels');
  const { values, set, errorOf } = form;
  return (
    <>
      <TextInput
        label={t('labelTitle')}
        autoComplete="off"
        maxLength={LABEL_LIMITS.title}
        value={values.title}
        error={errorOf('title', t('labelTitle'))}
        onChange={(event) => set('title', event.currentTarget.value)}
      />
      <TextInput
        label={t('description')}
        description={t('descriptionHint')}
        autoComplete="off"
        maxLength={LABEL_LIMITS.description}
        value={values.description}
        error={errorOf('description', t('description'))}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <ColourField value={values.colour} onChange={(colour) => set('colour', colour)} />
      <div className={classes.preview}>
        <LabelChip label={{ ...values, title: values.title.trim() || t('labelTitle') }} />
      </div>
    </>
  );
}

function ColourField({ value, onChange }: { value: LabelColour; onChange: (colour: LabelColour) => void }) {
  const { t } = useTranslation('labels');
  return (
    <fieldset className={classes.colours}>
      <legend>{t('colour')}</legend>
      {LABEL_COLOURS.map((colour) => (
        <label key={colour} className={classes.colour}>
          <input type="radio" name="colour" checked={colour === value} onChange={() => onChange(colour)} />
          <LabelDot colour={colour} />
          {t(`colours.${colour}`)}
        </label>
      ))}
    </fieldset>
  );
}

/** How many conversations lose it; undefined: not known yet. */
function sayUse(t: TFunction<['labels', 'common']>, count: number | undefined): string {
  if (count === undefined) return t('common:loading');
  if (count === 0) return t('labels:unused');
  return count > MOST ? t('labels:inUseMany', { count: MOST }) : t('labels:inUse', { count });
}

/** Counted that far. */
const MOST = 100;

function DeleteLabel({ label: { id, title } }: { label: LabelDto }) {
  const { t, i18n } = useTranslation(['labels', 'common']);
  const api = useApi(labelsApi);
  const readAnew = useReadAnew();
  const navigate = useNavigate();
  const [asking, dialog] = useDisclosure(false);
  const [busy, setBusy] = useState(false);
  const use = useQuery({ queryKey: ['label', id], queryFn: () => api.inUse(id), enabled: asking, staleTime: 0 });
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.remove(id);
      await navigate('/settings/labels');
      notifications.show({ message: t('removedForGood', { title }) });
      await readAnew();
    } catch (error) {
      setBusy(false);
      notifications.show({ color: 'red', title: t('deleteFailed'), message: messageOf(i18n, error) });
    }
  };
  return (
    <>
      <Group>
        <Button variant="default" c="var(--sb-danger)" onClick={dialog.open}>
          {t('delete', { title })}
        </Button>
      </Group>
      <Modal
        opened={asking}
        onClose={dialog.close}
        title={t('deleteQuestion', { title })}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm" role="status">
            {use.isError ? messageOf(i18n, use.error) : sayUse(t, use.data?.conversations)}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              {t('common:cancel')}
            </Button>
            <Button color="red.9" loading={busy} disabled={use.isPending} onClick={() => void remove()}>
              {t('deleteConfirm')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
