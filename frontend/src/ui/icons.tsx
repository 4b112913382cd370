const PATHS = {
  samples: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z',
  layers: 'M10 3l7 3.5-7 3.5-7-3.5zM3 10l7 3.5 7-3.5M3 13.5L10 17l7-3.5',
  filmstrip: 'M2.5 4.5h15v11h-15zM7.5 4.5v11M12.5 4.5v11M2.5 7.5h2M2.5 12.5h2M15.5 7.5h2M15.5 12.5h2',
  compare: 'M3 4h6v12H3zM11 4h6v12h-6zM5 8h2M13 12h2',
  health: 'M2 10h4l2-5 4 10 2-5h4',
  pin: 'M7.5 3h5l-.7 5.2 2.7 2.3v1.5h-9v-1.5l2.7-2.3zM10 12v5',
  download: 'M10 3v9M6.5 9l3.5 3.5L13.5 9M3.5 16.5h13',
  follows: 'M10 2.5l6 2v5c0 4-2.6 6.5-6 8-3.4-1.5-6-4-6-8v-5zM7.3 9.8l2 2 3.5-3.8',
  ignores: 'M10 2.5l6 2v5c0 4-2.6 6.5-6 8-3.4-1.5-6-4-6-8v-5zM10 6.5v4M10 13.2v.1',
  shield: 'M10 2.5l6 2v5c0 4-2.6 6.5-6 8-3.4-1.5-6-4-6-8v-5z',
  search: 'M8.5 3.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM12.2 12.2L16.5 16.5',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  cross: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  down: 'M6 8l4 4 4-4',
  right: 'M8 6l4 4-4 4',
  play: 'M7 4.5v11l9-5.5z',
  pause: 'M6 4.5h3v11H6zM11 4.5h3v11h-3z',
  previous: 'M12.5 5l-5 5 5 5',
  next: 'M7.5 5l5 5-5 5',
  flip: 'M4 7h11l-3-3M16 13H5l3 3',
  order: 'M6.5 4v12M3.5 13l3 3 3-3M13.5 16V4M10.5 7l3-3 3 3',
  clock: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4l2.6 1.6',
  info: 'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM10 9v5M10 6v.1',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1',
  error: 'M6.7 2.5h6.6l4.2 4.2v6.6l-4.2 4.2H6.7l-4.2-4.2V6.7zM10 6v5M10 13.7v.1',
  reload: 'M15.5 7A6 6 0 1 0 16 11M16 3.5V7.5h-4',
  help: 'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM7.9 8a2.1 2.1 0 1 1 3 2c-.6.3-.9.7-.9 1.4M10 14.2v.1',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  lock: 'M5.5 9h9v7.5h-9zM7 9V6.5a3 3 0 0 1 6 0V9',
  list: 'M3 5.5h.1M6.5 5.5H17M3 10h.1M6.5 10H17M3 14.5h.1M6.5 14.5H17',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon of the 20 px grid; `small` draws it at 14 px. */
export function Icon({name, small = false}: {name: IconName; small?: boolean}) {
  return (
    <svg class={small ? 'i s' : 'i'} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
