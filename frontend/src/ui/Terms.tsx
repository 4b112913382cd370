import type {ComponentChildren} from 'preact';

export type Term = readonly [name: string, words: ComponentChildren];

/** Names, and what is said of each; those of which nothing is said are left out. */
export function Terms({of, class: style}: {of: readonly Term[]; class?: string}) {
  return (
    <dl class={style}>
      {of.filter(([, words]) => words).map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
