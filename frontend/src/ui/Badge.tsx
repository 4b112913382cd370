import {Icon, type IconName} from './icons';

export interface BadgeProps {
  icon: IconName;
  text: string;
  title?: string;
  /** What the accessible name of the cell says; the words of the badge by default. */
  spoken?: string;
}

/** Words in the lower left corner of a cell; in small cells the icon alone. */
export function Badge({icon, text, title}: BadgeProps) {
  return (
    <span class="badge" aria-hidden="true" title={title ?? text}>
      <Icon name={icon} />
      <span class="w">{text}</span>
    </span>
  );
}
