import { ofDocument } from './page.js';
import { LAUNCHER_STRINGS } from './strings.js';
import css from './launcher.css?inline';

const BUBBLE =
  'M12 3C6.5 3 2 6.8 2 11.5c0 2.6 1.4 5 3.6 6.5L5 22l4.7-2.3c.75.13 1.5.2 2.3.2 5.5 0 10-3.8 10-8.5S17.5 3 12 3z';
const CROSS = 'M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19 12 13.4 17.6 19 19 17.6 13.4 12 19 6.4 17.6 5 12 10.6z';

const SVG = 'http://www.w3.org/2000/svg';

/** The round button that is always on the page, in a shadow root of its own that the chat is later drawn into. */
export interface Launcher {
  host: HTMLElement;
  root: ShadowRoot;
  button: HTMLButtonElement;
  setUnread(count: number): void;
  setOpen(open: boolean): void;
  setBusy(busy: boolean): void;
  setFailed(): void;
}

/** Looks of the launcher as the script tag asks for them. */
export interface LauncherLook {
  /** `#rrggbb`; anything else is ignored. */
  color: string | null;
  /** On the side where lines of text begin instead of where they end. */
  start: boolean;
}

/** What red, green and blue add to the luminance of a colour (relative luminance of WCAG 2). */
const WEIGHTS = [0.2126, 0.7152, 0.0722];

/** Black or white, whichever is easier to read on the colour; 2.2 comes close enough to the curve of sRGB for that. */
const inkOn = (color: string): string =>
  WEIGHTS.reduce((sum, weight, n) => sum + weight * (parseInt(color.slice(2 * n + 1, 2 * n + 3), 16) / 255) ** 2.2, 0) >
  0.179
    ? '#000'
    : '#fff';

function icon(): { svg: SVGSVGElement; draw: (path: string) => void } {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  svg.append(path);
  return { svg, draw: (d) => path.setAttribute('d', d) };
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

/** Draws the launcher at the end of the page. It cannot be reached by the page's CSS, nor does it touch the page's. */
export function drawLauncher(look: LauncherLook, onPress: () => void): Launcher {
  const host = document.createElement('switchboard-chat');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  if (look.color !== null && /^#[\da-f]{6}$/i.test(look.color)) {
    host.style.setProperty('--sb-accent', look.color);
    host.style.setProperty('--sb-on-accent', inkOn(look.color));
  }
  const frame = element('div', look.start ? 'frame start' : 'frame');
  frame.dir = getComputedStyle(ofDocument('documentElement')).direction;
  const button = element('button', 'launcher');
  const badge = element('span', 'badge');
  const said = element('span', 'said');
  const { svg, draw } = icon();
  button.type = 'button';
  badge.hidden = true;
  badge.ariaHidden = 'true';
  said.role = 'status';
  button.append(svg, badge);
  button.addEventListener('click', onPress);
  frame.append(button, said);
  root.append(frame);
  ofDocument('body').append(host);

  let open = false;
  let unread = 0;
  const update = (): void => {
    draw(open ? CROSS : BUBBLE);
    badge.hidden = open || unread === 0;
    badge.textContent = unread > 99 ? '99+' : String(unread);
    const label = unread === 0 ? LAUNCHER_STRINGS.open : LAUNCHER_STRINGS.unread(unread);
    button.ariaLabel = open ? LAUNCHER_STRINGS.close : label;
    button.ariaExpanded = String(open);
  };
  update();
  return {
    host,
    root,
    button,
    setUnread: (count) => {
      if (count > unread && !open) said.textContent = LAUNCHER_STRINGS.unread(count);
      unread = count;
      update();
    },
    setOpen: (now) => {
      open = now;
      said.textContent = '';
      update();
    },
    setBusy: (busy) => (button.ariaBusy = String(busy)),
    setFailed: () => {
      button.title = button.ariaLabel = said.textContent = LAUNCHER_STRINGS.failed;
    },
  };
}
