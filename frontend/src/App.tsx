import {Component, type ComponentChildren, type ComponentType} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {runs, shown} from './store/runs';
import {view} from './store/view';
import {setWaiting} from './render/ready';
import {Scrubber} from './scrubber/Scrubber';
import {EmptyTab, Nothing} from './ui/Empty';
import {Help} from './ui/Help';
import {Sidebar} from './ui/Sidebar';
import {ViewFrame} from './ui/ViewFrame';
import {views, type View} from './views';

const loaded = new Map<string, ComponentType>();

/** Loads the component of a view when it is opened; an update of the package takes it away. */
function useView(current: View): ComponentType | 'loading' | 'gone' {
  const [, redraw] = useState(0);
  const [gone, setGone] = useState<string | null>(null);
  const known = loaded.get(current.id);
  useEffect(() => {
    if (known) return undefined;
    setWaiting('view', true);
    let stale = false;
    current
      .load()
      .then((module) => loaded.set(current.id, module.default))
      .catch(() => !stale && setGone(current.id))
      .finally(() => {
        setWaiting('view', false);
        if (!stale) redraw((count) => count + 1);
      });
    return () => (stale = true);
  }, [current.id]);
  return known ?? (gone === current.id ? 'gone' : 'loading');
}

function CurrentView({current}: {current: View}) {
  const View = useView(current);
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

export function App() {
  const current = views.find(({id}) => id === view.value) ?? views[0]!;
  const isEmpty = runs.value !== null && !runs.value.length && !shown.value;
  return (
    <div class={isEmpty || !shown.value ? 'app no-scrub' : 'app'}>
      <Sidebar views={views} current={current} />
      <Boundary key={current.id} title={current.title}>
        {isEmpty ? <EmptyTab /> : <CurrentView current={current} />}
      </Boundary>
      {shown.value && !isEmpty && <Scrubber />}
      <Help />
    </div>
  );
}
