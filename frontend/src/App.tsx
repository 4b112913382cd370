import {Component, type ComponentChildren} from 'preact';
import {runs, shown} from './store/runs';
import {closeCell, inspected} from './store/selection';
import {view} from './store/view';
import {Scrubber} from './scrubber/Scrubber';
import {useLazy} from './ui/lazy';
import {Sidebar} from './ui/Sidebar';
import {helpOpen, ViewFrame} from './ui/ViewFrame';
import {views, type View} from './views';

function CurrentView({current}: {current: View}) {
  const View = useLazy(current.id, current.load);
  if (View === 'gone') return <Reload title={current.title}>tb_explain was updated.</Reload>;
  if (View === 'loading' || !shown.value) return <ViewFrame title={current.title}>{null}</ViewFrame>;
  return isUnreadable() ? <Unreadable title={current.title} /> : <View />;
}

/** Whether the shown run has records, but none for this version; a banner says why. */
const isUnreadable = () => Boolean(shown.value?.problem && !shown.value.steps.length);

function Unreadable({title}: {title: string}) {
  return (
    <ViewFrame title={title}>
      <div class="empty">
        <h2 class="t4">No record of this run can be read</h2>
      </div>
    </ViewFrame>
  );
}

function Reload({title, children}: {title: string; children: ComponentChildren}) {
  return (
    <ViewFrame title={title}>
      <div class="empty">
        <h2 class="t4">{title}</h2>
        <p class="lead">{children}</p>
        <button type="button" class="btn line" onClick={() => location.reload()}>Reload</button>
      </div>
    </ViewFrame>
  );
}

interface BoundaryProps {
  /** What is shown; an error is forgotten when that changes. */
  of: unknown;
  /** What stands in for what failed. */
  instead: (reason: string) => ComponentChildren;
  children: ComponentChildren;
}

/** Keeps an error in one part from taking the tab with it. */
class Boundary extends Component<BoundaryProps, {reason: string | null}> {
  override state: {reason: string | null} = {reason: null};

  override componentDidUpdate({of}: BoundaryProps): void {
    if (of !== this.props.of && this.state.reason !== null) this.setState({reason: null});
  }

  override componentDidCatch(error: unknown): void {
    this.setState({reason: error instanceof Error ? error.message : String(error)});
  }

  render() {
    const {reason} = this.state;
    return reason === null ? this.props.children : this.props.instead(reason);
  }
}

function Inspector() {
  const Loaded = useLazy('inspector', () => import('./inspector/Inspector'));
  return typeof Loaded === 'string' ? <aside class="drawer still" aria-label="Inspector" /> : <Loaded />;
}

function FailedInspector({reason}: {reason: string}) {
  return (
    <aside class="drawer" aria-label="Inspector">
      <div class="body">
        <p class="lead">The inspector stopped: {reason}</p>
        <button type="button" class="btn line" onClick={closeCell}>Close</button>
      </div>
    </aside>
  );
}

function Empty() {
  const Loaded = useLazy('empty', () => import('./ui/EmptyTab'));
  return typeof Loaded === 'string' ? <ViewFrame title="Explain">{null}</ViewFrame> : <Loaded />;
}

function Help() {
  const Loaded = useLazy('help', () => import('./ui/Help'));
  return typeof Loaded === 'string' ? null : <Loaded />;
}

export function App() {
  const current = views.find(({id}) => id === view.value) ?? views[0]!;
  const isEmpty = runs.value !== null && !runs.value.length && !shown.value;
  const hasSteps = shown.value && !isEmpty && !isUnreadable();
  const cell = isEmpty ? null : inspected.value;
  const classes = ['app', hasSteps ? '' : 'no-scrub', cell ? 'with-drawer' : ''];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <Sidebar views={views} current={current} />
      <Boundary of={current} instead={(reason) => <Reload title={current.title}>This view stopped: {reason}</Reload>}>
        {isEmpty ? <Empty /> : <CurrentView current={current} />}
      </Boundary>
      {cell && (
        <Boundary of={cell.tag} instead={(reason) => <FailedInspector reason={reason} />}>
          <Inspector />
        </Boundary>
      )}
      {hasSteps && <Scrubber />}
      {helpOpen.value && <Help />}
    </div>
  );
}
