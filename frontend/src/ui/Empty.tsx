import type {ComponentChildren} from 'preact';
import {useRef, useState} from 'preact/hooks';
import css from './empty.css?inline';
import {Icon} from './icons';
import {addStyle} from './style';

addStyle(css);

/** Code to copy; `mark` is the part of it that stands out. */
export function Snippet({code, mark}: {code: string; mark?: string}) {
  const [copied, setCopied] = useState(false);
  const text = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      if (text.current) getSelection()?.selectAllChildren(text.current);
    }
  };
  const at = mark ? code.indexOf(mark) : -1;
  const marked = mark && at >= 0 ? [code.slice(0, at), <mark key="mark">{mark}</mark>, code.slice(at + mark.length)] : code;
  return (
    <div class="snip">
      <pre tabIndex={0} aria-label="Code"><code ref={text}>{marked}</code></pre>
      <button type="button" class="btn line" onClick={() => void copy()}>
        <Icon name={copied ? 'check' : 'copy'} />
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}

/** What a view says that has nothing to show. */
export function Nothing({title, children}: {title: string; children?: ComponentChildren}) {
  return (
    <div class="empty">
      <div>
        <h2 class="t4">{title}</h2>
      </div>
      {children}
    </div>
  );
}
