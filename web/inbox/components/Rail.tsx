import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { NavLink, useNavigate } from 'react-router';
import type { AreaDefinition, RailPlace } from '../logic/areas.js';
import { Icon } from './Icon.js';
import { UserMenu } from './UserMenu.js';
import classes from './Rail.module.css';

interface RailProps {
  areas: readonly AreaDefinition[];
  onFind: () => void;
  onKeys: () => void;
}

/** How many areas a phone's bar has room for beside search, the rest and the profile. */
const ON_PHONE = 3;

/** The areas at the left, at the bottom of a phone; at its end the reader themself. */
export function Rail({ areas, onFind, onKeys }: RailProps) {
  const { t } = useTranslation('shell');
  const phone = useMediaQuery('(max-width: 47.99em)') ?? false;
  const places = areas.flatMap(({ id, rail }) => (rail === undefined ? [] : [{ id, ...rail }]));
  const shown = phone && places.length > ON_PHONE + 1 ? places.slice(0, ON_PHONE) : places;
  return (
    <nav className={classes.root} aria-label={t('areas')}>
      <span className={classes.logo} aria-hidden />
      <ul className={classes.places}>
        {shown.map((place) => (
          <li key={place.id}>
            <Place place={place} phone={phone} />
          </li>
        ))}
        {shown.length < places.length && (
          <li>
            <MorePlaces places={places.slice(shown.length)} />
          </li>
        )}
      </ul>
      <div className={classes.foot}>
        <Tooltip label={t('find')} position="right" disabled={phone} events={TIP_EVENTS}>
          <UnstyledButton className={classes.place} aria-label={t('find')} onClick={onFind}>
            <Icon name="search" size={22} />
          </UnstyledButton>
        </Tooltip>
        <UserMenu phone={phone} onKeys={onKeys} />
      </div>
    </nav>
  );
}

/** A label that is seen on hover is seen on focus, too. */
const TIP_EVENTS = { hover: true, focus: true, touch: false };

function Place({ place: { to, icon, label }, phone }: { place: RailPlace; phone: boolean }) {
  const { i18n } = useTranslation('shell');
  const name = label(i18n);
  return (
    <Tooltip label={name} position="right" disabled={phone} events={TIP_EVENTS}>
      <NavLink className={classes.place ?? ''} to={to} aria-label={name}>
        <Icon name={icon} size={22} />
        <span className={classes.label} aria-hidden>
          {name}
        </span>
      </NavLink>
    </Tooltip>
  );
}

function MorePlaces({ places }: { places: (RailPlace & { id: string })[] }) {
  const { t, i18n } = useTranslation('shell');
  const navigate = useNavigate();
  return (
    <Menu position="top" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.place} aria-label={t('more')}>
          <Icon name="more" size={22} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ id, icon, label, to }) => (
          <Menu.Item key={id} leftSection={<Icon name={icon} />} onClick={() => void navigate(to)}>
            {label(i18n)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
