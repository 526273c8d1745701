import type { AreaContext, PaletteEntry } from '../../logic/areas.js';
import type { InboxPart } from '../../logic/inbox-parts.js';
import { labelsQuery } from '../../hooks/use-labels.js';
import { viewFromQuery, viewToQuery } from '../../logic/view.js';
import { changeLabels } from './change-labels.js';
import { LabelChips } from './LabelChips.js';
import { LabelAction, LabelFilter } from './LabelButtons.js';

/** Labels on conversations. */
export const part: InboxPart = {
  id: 'labels',
  order: 10,
  Row: ({ conversation }) => <LabelChips ids={conversation.labels} most={2} />,
  Strip: ({ conversation }) => <LabelChips ids={conversation.labels} />,
  Action: LabelAction,
  Filter: LabelFilter,
  commands: ({ words: { t } }) => [
    { id: 'labels.change', group: t('shell:area.inbox'), label: t('labels:change'), keys: ['l'] },
  ],
  entries,
};

/** Each label on or off the conversation on screen, and the list narrowed by each. */
async function entries(context: AreaContext): Promise<PaletteEntry[]> {
  const { queryClient, http, live, words, navigate } = context;
  const { items } = await queryClient.ensureQueryData(labelsQuery(http));
  const conversation = live.openId === null ? undefined : live.cache.thread(live.openId)?.conversation;
  const group = words.t('labels:title');
  return items.flatMap(({ id, title }): PaletteEntry[] => {
    const isOn = conversation?.labels.includes(id) ?? false;
    const change = { add: isOn ? [] : [id], remove: isOn ? [id] : [] };
    const narrowed = { ...viewFromQuery(new URLSearchParams(window.location.search)), label: id };
    const common = { label: title, group, icon: 'label' } as const;
    return [
      ...(conversation === undefined
        ? []
        : [
            {
              ...common,
              id: `label.${id}`,
              hint: words.t(isOn ? 'labels:takeOff' : 'labels:putOn'),
              run: () => void changeLabels(context, conversation, change),
            },
          ]),
      {
        ...common,
        id: `label.filter.${id}`,
        hint: words.t('labels:filterHint'),
        run: () => navigate(`/inbox${viewToQuery(narrowed)}`),
      },
    ];
  });
}
