import { linkify } from '../../linkify.js';
import { STRINGS } from '../strings.js';

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,12}$/u;

/** Text as it was typed, with its addresses as links. Never interpreted as HTML. */
export const RichText = ({ text }: { text: string }) => (
  <p class={ONLY_EMOJI.test(text) ? 'text text-large' : 'text'} dir="auto">
    {linkify(text).map(({ text: piece, href }, index) =>
      href === null ? (
        piece
      ) : (
        <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
          {piece}
          <span class="said"> ({STRINGS.opensNewTab})</span>
        </a>
      ),
    )}
  </p>
);
