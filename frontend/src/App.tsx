import {Component, type ComponentChildren} from 'preact';
import {runs, shown} from './store/runs';
import {mapTag, opened} from './store/selection';
import {view} from './store/view';
import {Scrubber} from './scrubber/Scrubber';
import {EmptyTab, Nothing} from './ui/Empty';
import {Help} from './ui/Help';
import {useLazy} from './ui/lazy';
import {Sidebar} from './ui/Sidebar';
import {ViewFrame} from './ui/ViewFrame';
import {views, type View} from './views';

function CurrentView({current}: {current: View}) {
  const View = useLazy(current.id, current.load);
  if (View === 'gone') return <Reload title={current.title}>tb_explain was updated.</Reload>;
  if (View === 'loading' || !shown.value) return <ViewFrame title={current.title}>{null}</ViewFrame>;
  return <View />;
}

function Reload({title, children}: {title: string; children: ComponentChildren}) {
  return (
    <ViewFrame title={title}>
      <Nothing title={title}>
        <p class="lead">{children}</p>
        <button type="button" class="btn line" onClick={() => location.reload()}>Reload</button>
      </Nothing>
    </ViewFrame>
  );
}

/** Keeps an error in one view from taking the tab with it. */
class Boundary extends Component<{title: string; children: ComponentChildren}, {reason: string | null}> {
  override state: {reason: string | null} = {reason: null};

  override componentDidCatch(error: unknown): void {
    this.setState({reason: error instanceof Error ? error.message : String(error)});
  }

  render() {
    const {reason} = this.state;
    if (reason === null) return this.props.children;
    return <Reload title={this.props.title}>This view stopped: {reason}</Reload>;
  }
}

function Inspector() {
  const Loaded = useLazy('inspector', () => import('./inspector/Inspector'));
  return typeof Loaded === 'string' ? <aside class="drawer" aria-label="Inspector" /> : <Loaded />;
}

/** Whether the inspector has a cell to show. */
function isInspecting(): boolean {
  const cell = opened.value;
  return cell !== null && shown.value !== null && mapTag(shown.value.run, cell.tag) !== null;
}

export function App() {
  const current = views.find(({id}) => id === view.value) ?? views[0]!;
  const isEmpty = runs.value !== null && !runs.value.length && !shown.value;
  const inspects = !isEmpty && isInspecting();
  const classes = ['app', isEmpty || !shown.value ? 'no-scrub' : '', inspects ? 'with-drawer' : ''];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <Sidebar views={views} current={current} />
      <Boundary key={current.id} title={current.title}>
        {isEmpty ? <EmptyTab /> : <CurrentView current={current} />}
      </Boundary>
      {inspects && (
        <Boundary key={`inspector ${opened.value?.tag}`} title="Inspector">
          <Inspector />
        </Boundary>
      )}
      {shown.value && !isEmpty && <Scrubber />}
      <Help />
    </div>
  );
}
