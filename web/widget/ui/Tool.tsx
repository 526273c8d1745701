import { Icon, type IconName } from './Icon.js';

interface ToolProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  /** For a button that shows and hides something. */
  expanded?: boolean;
}

/** A small round button that is only a drawing; the label is for tooltips and screen readers. */
export const Tool = ({ icon, label, onClick, expanded }: ToolProps) => (
  <button type="button" class="tool" aria-label={label} title={label} aria-expanded={expanded} onClick={onClick}>
    <Icon name={icon} />
  </button>
);
