"""The TensorBoard plugin: answers the requests of the Explain tab, and changes nothing.

All addresses lie under `data/plugin/tb_explain/`; only GET is answered. `run` and `tag` are
looked up among what was found, they never become part of a path.

- `index.js` and the other files of the tab, as packaged.
- `api/status`: `{change, now, logdir, unread, problem}`. Looks for new records, at most once a
  second; `change` counts how often there were any. As long as the first look goes on, `unread`
  run directories are not known yet; those written last come first.
- `api/runs`: `{change, now, logdir, unread, problem, runs: [{run, version, steps, first_step,
  last_step, last_time, problem}]}`. `version` changes with the set of a run's files.
- `api/run?run`: `{run, version, axis, steps, progress, tags, structure, samples, problem}`: the
  time axis, what exists at which steps, and what the newest header of each tag says.
- `api/pictures?run`: a block with the pictures and masks of the samples; its header is
  `{pictures: [{sample, mime, offset, bytes}], masks: [...]}`.
- `api/table?run&tag`: a block with the arrays of a table over all steps; its header is
  `{steps, arrays: [{name, dtype, shape, offset}], facts, left_out}`.
- `api/block?run&tag&steps=0-39|3,5&maps=all|0-15|0,3&pool=1`: a block with stored maps; its
  header is `{run, tag, facts: [...], steps: [{step, facts, offset, map_bytes, columns, figures,
  problem}]}`. `facts` of a step is an index into the list. The maps of a step lie back to back,
  each `float32 scale, float32 p99, values`. `pool=k` is the mean over k x k squares. Steps and
  maps that do not exist are left out; a record that cannot be read has a `problem`.
- `api/extents?run&tag`: a block with the largest scale and p99 of each map over all records; its
  header is `{records, read, left_out, arrays}`. As long as `read` is less than `records`, asking
  again adds some; with `quick=1` what is known already is the answer, or a first estimate.
- `api/figures?run&tag`: `{steps, columns: {channel}, figures, statistics, left_out}`.
- `api/measures?run&tag&names=drift,control`: a block with figures of the maps over all steps, NaN
  where they are not defined; its header is `{steps, maps, arrays: [{name, dtype, shape, offset}],
  left_out}`, the shape is `[steps, maps]`. Without `names` it holds all figures
  that are recorded; `drift_to_last` is made of the maps when it is asked for.
- `api/values?choice&format=npz|csv`: a file with the decoded values of maps; `choice` is a JSON
  list of `{run, tag, step, maps}`.
- `api/many?asks`: several of `run`, `table` and `measures` in one block; `asks` is a JSON list of
  `{of, run, ...}`, its header is `{answers: [{offset, bytes}, {code, problem}, ...]}`.

A block is described in `block.py`, a header in `records/record.schema.json`. With the
parameter `v`, which holds the version of the run, an answer may be kept for good. What cannot
be answered gets 400 or 404 and one sentence.
"""

# TensorBoard publishes no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUntypedBaseClass=false

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, final

from tensorboard.plugins import base_plugin
from werkzeug.wrappers import Request, Response

from tb_explain.dashboard import newest_drift
from tb_explain.dashboard.block import TooLargeError
from tb_explain.dashboard.bundle import Asset, Bundle
from tb_explain.dashboard.event_index import EventIndex, Snapshot
from tb_explain.dashboard.extents import Extents
from tb_explain.dashboard.json_values import strict_json
from tb_explain.dashboard.listing import Heads, describe_run, run_entry
from tb_explain.dashboard.loader import PLUGIN_NAME
from tb_explain.dashboard.many import many_block
from tb_explain.dashboard.map_block import MapRequest, map_block
from tb_explain.dashboard.map_values import Chosen, parse_choice, values_file
from tb_explain.dashboard.measure_block import ByStep, MeasureCache, measure_block
from tb_explain.dashboard.newest_drift import NewestDrift
from tb_explain.dashboard.query import Query, QueryError, UnknownError, shown
from tb_explain.dashboard.responses import Answer, refuse, respond
from tb_explain.dashboard.roots import roots_in
from tb_explain.dashboard.run import Run
from tb_explain.dashboard.table_block import figures, pictures_block
from tb_explain.dashboard.table_cache import TableCache
from tb_explain.dashboard.turn import Turn
from tb_explain.dashboard.warm_up import likely, read_ahead

_LOGGER = logging.getLogger(__name__)
_JSON, _BINARY = "application/json", "application/octet-stream"
_TABLE_BYTES = 16 * 2**20
_NO_LOGDIR = (
    "TensorBoard was started without a log directory that it reads itself (for example with "
    "--grpc_data_provider), so there are no records to show; start it with --logdir or "
    "--logdir_spec where the event files lie."
)


@final
class ExplainPlugin(base_plugin.TBPlugin):
    """Serves the tab and the records in TensorBoard's log directories.

    Args:
        context: What TensorBoard tells about itself; any of its fields may be `None`.
    """

    plugin_name = PLUGIN_NAME

    def __init__(self, context: base_plugin.TBContext) -> None:
        super().__init__(context)
        flags: Any = context.flags
        self._logdir = str(context.logdir or getattr(flags, "logdir_spec", "") or "")
        roots = roots_in(context)
        self._turn = Turn()
        problem = None if roots else _NO_LOGDIR
        self._index = EventIndex(roots, problem=problem, pause=self._turn.give_way)
        self._heads = Heads()
        self._extents = Extents()
        self._measured = MeasureCache()
        self._newest_drift = NewestDrift()
        self._tables = TableCache(self._heads.records, _TABLE_BYTES)
        self._bundle = Bundle()
        self._look_soon()

    def get_plugin_apps(self) -> dict[str, Callable[..., Any]]:
        """Returns the WSGI application of each route."""
        api: Mapping[str, Callable[[Query], Answer]] = {
            "status": self._status,
            "runs": self._runs,
            "run": self._run,
            "pictures": self._pictures,
            "table": self._table,
            "block": self._block,
            "extents": self._extents_of,
            "figures": self._figures,
            "measures": self._measures,
            "values": self._values,
            "many": self._many,
        }
        routes = {f"/api/{name}": _application(answer) for name, answer in api.items()}
        for name, asset in self._bundle.assets.items():
            routes[f"/{name}"] = _application(partial(_asset, asset))
        routes["/static/*"] = _application(_nothing)
        routes["/api/*"] = _application(_nothing)
        return routes

    def is_active(self) -> bool:
        """Whether there is anything to show, as far as is known without waiting."""
        self._look_soon()
        return bool(self._index.snapshot.runs)

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """Returns what the tab is called and which module draws it."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="Explain")

    def _look_soon(self) -> None:
        """Looks for new records and reads ahead, in the background."""
        self._index.refresh_soon(self._warm_up)

    def _warm_up(self, snapshot: Snapshot) -> None:
        for run in likely(snapshot):
            with self._turn:
                read_ahead(run, self._heads, self._tables, self._extents)

    def _status(self, query: Query) -> Answer:
        del query
        return _json(self._state(self._index.refresh()))

    def _runs(self, query: Query) -> Answer:
        del query
        snapshot = self._index.refresh()
        runs = [run_entry(run) for run in snapshot.runs.values()]
        return _json({**self._state(snapshot), "runs": runs})

    def _state(self, snapshot: Snapshot) -> dict[str, Any]:
        return {
            "change": snapshot.change,
            "now": time.time(),
            "logdir": self._logdir,
            "unread": snapshot.unread,
            "problem": snapshot.problem,
        }

    def _run(self, query: Query) -> Answer:
        run = self._find_run(query)
        with self._turn_on(run):
            return _json(describe_run(run, self._heads))

    def _pictures(self, query: Query) -> Answer:
        run = self._find_run(query)
        with self._turn_on(run):
            packed = pictures_block(run, self._heads)
        return Answer(packed, _BINARY, _is_current(query, run))

    def _table(self, query: Query) -> Answer:
        run, tag = self._find_tag(query)
        with self._turn_on(run):
            table = self._tables.packed(run, tag)
        return Answer(table, _BINARY, _is_current(query, run))

    def _block(self, query: Query) -> Answer:
        run, tag = self._find_tag(query)
        steps = query.spans("steps")
        request = MapRequest(run, tag, steps, query.spans("maps"), query.pool())
        with self._turn_on(run):
            block = map_block(request, self._heads.records)
        is_past = steps.last is not None and bool(run.steps) and steps.last <= run.steps[-1]
        is_immutable = block.is_complete and is_past and _is_current(query, run)
        return Answer(block.packed, _BINARY, is_immutable)

    def _extents_of(self, query: Query) -> Answer:
        run, tag = self._find_tag(query)
        with self._turn_on(run):
            packed, is_complete = self._extents.block(run, tag, is_quick=query.is_set("quick"))
        return Answer(packed, _BINARY, is_complete and _is_current(query, run))

    def _figures(self, query: Query) -> Answer:
        run, tag = self._find_tag(query)
        with self._turn_on(run):
            found = figures(run, tag, self._heads.records)
        return _json(found, is_immutable=_is_current(query, run))

    def _measures(self, query: Query) -> Answer:
        run, tag = self._find_tag(query)
        names = query.names("names")
        derived: dict[str, ByStep] = {}
        if newest_drift.NAME in names:
            turn = partial(self._turn_on, run)
            derived[newest_drift.NAME] = self._newest_drift.over(run.storage, run.tags[tag], turn)
        with self._turn_on(run):
            block = measure_block(run, tag, names, self._measured, derived=derived)
        return Answer(block, _BINARY, _is_current(query, run))

    def _turn_on(self, run: Run) -> AbstractContextManager[object]:
        return self._turn if run.storage.is_local else nullcontext()

    def _values(self, query: Query) -> Answer:
        chosen = [self._chosen(entry) for entry in parse_choice(query.text("choice"))]
        with self._turn_on(chosen[0].run):
            file = values_file(chosen, query.text("format"), self._heads.records)
        return Answer(file.content, file.content_type)

    def _many(self, query: Query) -> Answer:
        routes = {"run": self._run, "table": self._table, "measures": self._measures}
        packed, is_immutable = many_block(query.text("asks"), routes)
        return Answer(packed, _BINARY, is_immutable)

    def _chosen(self, entry: Mapping[str, Any]) -> Chosen:
        query = Query({name: str(entry[name]) for name in ("run", "tag", "maps") if name in entry})
        run, tag = self._find_tag(query)
        return Chosen(run, tag, int(entry["step"]), query.spans("maps"))

    def _find_run(self, query: Query) -> Run:
        name = query.text("run")
        run = self._index.snapshot.runs.get(name) or self._index.refresh().runs.get(name)
        if run is None:
            raise UnknownError(f"No run has this name. Received: run={shown(name)}")
        return run

    def _find_tag(self, query: Query) -> tuple[Run, str]:
        run, tag = self._find_run(query), query.text("tag")
        if tag not in run.tags:
            raise UnknownError(f"The run has no such tag. Received: tag={shown(tag)}")
        return run, tag


def _application(answer: Callable[[Query], Answer]) -> Callable[..., Any]:
    """Returns the WSGI application that answers GET requests, whatever happens."""

    @Request.application
    def application(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            sentence = f"This address only answers GET. Received: {shown(request.method)}"
            return refuse(request, sentence, code=405)
        try:
            return respond(request, answer(Query(request.args.to_dict())))
        except (QueryError, TooLargeError) as error:
            return refuse(request, str(error), code=400)
        except UnknownError as error:
            return refuse(request, str(error.args[0]), code=404)
        except Exception:
            _LOGGER.exception("The Explain tab asked for %s", request.path)
            sentence = "This could not be read; TensorBoard's log on the console says why."
            return refuse(request, sentence, code=404)

    return application


def _asset(asset: Asset, query: Query) -> Answer:
    del query
    return Answer(asset.content, asset.content_type, asset.is_immutable)


def _nothing(query: Query) -> Answer:
    del query
    raise UnknownError("The Explain tab has no such address.")


def _json(content: Any, *, is_immutable: bool = False) -> Answer:
    return Answer(strict_json(content), _JSON, is_immutable)


def _is_current(query: Query, run: Run) -> bool:
    """Whether an answer may be kept: it is asked for by the version that the run has now."""
    return run.version in query.parameters.get("v", "")
