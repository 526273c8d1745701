import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { UserDto } from '../../../../../src/shared/schemas/user.js';
import type { Role } from '../../../../../src/shared/words.js';
import { collectAreas, homeOf, usableAreas, type AreaDefinition } from '../../../../../web/inbox/logic/areas.js';
import { collectParts } from '../../../../../web/inbox/logic/inbox-parts.js';
import {
  collectPages,
  groupPages,
  pagesFor,
  type SettingsPageDefinition,
} from '../../../../../web/inbox/logic/settings-pages.js';
import { ME } from '../builders.js';

const SCENES = join(import.meta.dirname, '../../../../../web/inbox/scenes');

const rail = (order: number, to = '/x', key?: string) => ({
  order,
  icon: 'inbox' as const,
  label: () => '',
  to,
  ...(key === undefined ? {} : { key }),
});
const area = (id: string, more: Partial<AreaDefinition> = {}): AreaDefinition => ({
  id,
  access: 'staff',
  routes: [],
  ...more,
});
const found = (...areas: AreaDefinition[]) =>
  Object.fromEntries(areas.map((one) => [`./scenes/${one.id}/area.tsx`, one]));
const as = (role: Role): UserDto => ({ ...ME, role });

describe('areas', () => {
  it('stand in the order of the rail, those without a place last', () => {
    const areas = collectAreas(found(area('z'), area('b', { rail: rail(20) }), area('a', { rail: rail(10, '/a') })));
    expect(areas.map(({ id }) => id)).toEqual(['a', 'b', 'z']);
    expect(homeOf(areas)).toBe('/a');
  });

  it('are offered to those who may use them', () => {
    const areas = collectAreas(
      found(
        area('login', { access: 'public' }),
        area('inbox'),
        area('settings', { mayUse: ({ role }) => role === 'admin' }),
      ),
    );
    const ids = (user: UserDto | null) => usableAreas(areas, user).map(({ id }) => id);
    expect(ids(null)).toEqual(['login']);
    expect(ids(as('agent'))).toEqual(['inbox']);
    expect(ids(as('admin'))).toEqual(['inbox', 'settings']);
  });

  it.each([
    [{ './scenes/other/area.tsx': area('inbox') }, /named like its folder/],
    [found(area('a', { rail: rail(10) }), area('b', { rail: rail(10) })), /same rail place/],
    [found(area('a', { rail: rail(10, '/', 'i') }), area('b', { rail: rail(20, '/', 'i') })), /same rail key/],
  ])('that were written wrongly say so (%#)', (areas, fault) => expect(() => collectAreas(areas)).toThrow(fault));

  it('are defined by every folder of scenes, and every folder of settings pages defines a page', () => {
    const without = (folder: string, file: string) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !existsSync(join(folder, entry.name, file)))
        .map(({ name }) => name);
    expect(without(SCENES, 'area.tsx')).toEqual([]);
    expect(without(join(SCENES, 'settings/pages'), 'page.tsx')).toEqual([]);
  });
});

describe('pages of the settings', () => {
  const page = (id: string, group: SettingsPageDefinition['group'], order: number, roles: Role[] = ['admin']) => ({
    id,
    group,
    order,
    title: () => id,
    sentence: () => '',
    mayUse: ({ role }: UserDto) => roles.includes(role),
    Component: () => null,
  });
  const pages = collectPages(
    Object.fromEntries(
      [page('audit', 'data', 10), page('sla', 'work', 20), page('canned', 'work', 10, ['admin', 'supervisor'])].map(
        (one) => [`./pages/${one.id}/page.tsx`, one],
      ),
    ),
  );

  it('stand in groups, each in its order; groups without pages are not shown', () => {
    const names = (user: UserDto) =>
      groupPages(pagesFor(pages, user)).map(({ group, pages: members }) => [group, members.map(({ id }) => id)]);
    expect(names(as('admin'))).toEqual([
      ['work', ['canned', 'sla']],
      ['data', ['audit']],
    ]);
    expect(names(as('supervisor'))).toEqual([['work', ['canned']]]);
    expect(names(as('agent'))).toEqual([]);
  });

  it('are named like their folders', () => {
    expect(() => collectPages({ './pages/x/page.tsx': page('y', 'data', 1) })).toThrow(/named like its folder/);
  });
});

describe('parts of the inbox', () => {
  it('stand in their order and are named like their folders', () => {
    const [late, early] = [
      { id: 'late', order: 20 },
      { id: 'early', order: 10 },
    ];
    expect(collectParts({ './parts/late/part.tsx': late, './parts/early/part.tsx': early })).toEqual([early, late]);
    expect(() => collectParts({ './parts/other/part.tsx': late })).toThrow('named like its folder');
  });
});
