import type {ChartData, ChartWords} from './plot';

const ROWS = 60;
const CELLS = 480;

/** The values of a chart as a table for screen readers, thinned out where there are many. */
export function DataTable(props: ChartData & ChartWords & {label: string}) {
  const most = Math.min(ROWS, Math.ceil(CELLS / Math.max(1, props.lines.length)));
  const every = Math.ceil(props.places.length / most);
  const rows = props.places.map((_, index) => index).filter((index) => index % every === 0);
  const thinned = every > 1 ? `, every ${every}th record` : '';
  return (
    <div class="sr">
      <table>
        <caption>{props.label + thinned}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {props.lines.map((line) => <th scope="col" key={line.name}>{line.name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index}>
              <th scope="row">{props.formatPlace(props.places[index] ?? 0)}</th>
              {props.lines.map((line) => (
                <td key={line.name}>{props.formatValue(line.values[index] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
