import {stepName} from '../../store/time';
import {Check, Popover, Segments} from '../../ui/controls';
import {Icon} from '../../ui/icons';
import {Menu} from '../../ui/Menu';
import type {Card, CardKind} from './cards';
import {allCards, cards, hasStatistics, layers, subject, tag, tags, titleOf} from './model';
import {chosenCharts, curveLayer, found, severity, wantedTag, type Found, type ShownSeverity} from './state';

const SEVERITY_OPTIONS: {value: ShownSeverity; label: string}[] = [
  {value: 'any', label: 'any'}, {value: 'error', label: 'errors'}, {value: 'warning', label: 'warnings'},
];
const GROUPS: [CardKind, string][] = [['map', 'Explanations'], ['sample', 'Samples'], ['layer', 'Layers'], ['log', 'Training']];

function toggle(card: Card): void {
  const now = cards.peek().map(({id}) => id);
  const next = now.includes(card.id) ? now.filter((id) => id !== card.id) : [...now, card.id];
  const usual = allCards.peek().filter((one) => one.usual).map(({id}) => id);
  const isUsual = next.length === usual.length && usual.every((id) => next.includes(id));
  chosenCharts.value = isUsual ? [] : next;
}

function MetricsMenu() {
  const all = allCards.value;
  const on = new Set(cards.value.map(({id}) => id));
  if (!all.length) return null;
  const face = (
    <span class={chosenCharts.value.length ? 'sel set' : 'sel'}>
      <span class="k">Metrics </span>{on.size} of {all.length}<Icon name="down" />
    </span>
  );
  return (
    <Popover label="Metrics" title={`Metrics: ${on.size} of ${all.length}`} icon="list" face={face} class="metrics-menu">
      <div class="choose">
        <div class="ends">
          <button type="button" class="btn line" onClick={() => (chosenCharts.value = [])}>Usual</button>
          <button type="button" class="btn line" onClick={() => (chosenCharts.value = all.map(({id}) => id))}>All</button>
        </div>
        <div class="only-s">
          <ExplainerMenu class="" />
          <LayerMenu class="" />
        </div>
        {GROUPS.map(([kind, title]) => {
          const own = all.filter((card) => card.kind === kind);
          return own.length > 0 && (
            <fieldset key={kind}>
              <legend class="cap">{title}</legend>
              {own.map((card) => (
                <span key={card.id} class="choice" title={card.about}>
                  <Check label={card.title} on={on.has(card.id)} colour="var(--text-2)" onChange={() => toggle(card)} />
                  <span aria-hidden="true" onClick={() => toggle(card)}>{card.title}</span>
                </span>
              ))}
            </fieldset>
          );
        })}
      </div>
    </Popover>
  );
}

function ExplainerMenu({class: extra}: {class: string}) {
  if (!tag.value || tags.value.length < 2) return null;
  const options = tags.value.map((one) => ({value: one.tag, label: titleOf(one)}));
  return <Menu class={extra} label="Explainer" options={options} value={tag.value.tag} onChange={(value) => (wantedTag.value = value)} />;
}

function LayerMenu({class: extra}: {class: string}) {
  if (!hasStatistics.value || layers.value.length < 2) return null;
  const options = layers.value.map((value) => ({value: value as string | null, label: value}));
  return <Menu class={extra} label="Layer" options={[{value: null, label: 'all'}, ...options]} value={subject.value.layer} changed={subject.value.layer !== null} onChange={(value) => (curveLayer.value = value)} />;
}

/** Which findings are listed, which charts are drawn, and of what. */
export function Tools() {
  const options: {value: Found; label: string}[] = [{value: 'now', label: 'Now'}, {value: 'all', label: `All ${stepName.value.toLowerCase()}s`}];
  return (
    <>
      <Segments label="Findings" options={options} value={found.value} onChange={(value) => (found.value = value)} />
      <Menu label="Severity" options={SEVERITY_OPTIONS} value={severity.value} changed={severity.value !== 'any'} onChange={(value) => (severity.value = value)} />
      <span class="vr" />
      <MetricsMenu />
      <ExplainerMenu class="hide-s" />
      <LayerMenu class="hide-s" />
    </>
  );
}
