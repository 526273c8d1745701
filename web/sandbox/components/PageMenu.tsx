import type { JSX } from 'preact';
import { safeUrl } from '../safe-url.js';
import type { MenuItem } from '../types.js';

interface Props {
  items: MenuItem[];
  act: (name: string, body: unknown) => Promise<boolean>;
  onClose: () => void;
}

/** The Page's persistent menu. */
export function PageMenu({ items, act, onClose }: Props): JSX.Element {
  return (
    <div class="page-menu" role="group" aria-label="Menu">
      {items.map(({ type, title = '', url, payload }) =>
        type === 'web_url' ? (
          <a
            key={title}
            class="menu-item"
            href={safeUrl(url)}
            target="_blank"
            rel="noopener noreferrer"
            onClick={onClose}
          >
            {title}
          </a>
        ) : (
          <button
            key={title}
            type="button"
            class="menu-item"
            onClick={() => {
              void act('postbacks', { title, payload: payload ?? title });
              onClose();
            }}
          >
            {title}
          </button>
        ),
      )}
    </div>
  );
}
