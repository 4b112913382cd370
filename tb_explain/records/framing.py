"""Records as TensorBoard's event files hold them.

Built from TensorBoard's message types alone: its `EventFileWriter` imports TensorFlow where that
is installed, and its checksum in pure Python competes with the training.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownArgumentType=false
import struct
from collections.abc import Sequence

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import (
    DATA_CLASS_BLOB_SEQUENCE,
    DATA_CLASS_SCALAR,
    Summary,
    SummaryMetadata,
)
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_FLOAT, DT_STRING

from tb_explain.records.checksum import masked_crc32c
from tb_explain.records.scalars import Scalars

PLUGIN_NAME = "tb_explain"
PLUGIN_CONTENT = b'{"version":1}'
FILE_VERSION = "brain.Event:2"


def version_record(wall_time: float) -> bytes:
    """Returns the record with which every event file starts."""
    return framed(Event(wall_time=wall_time, file_version=FILE_VERSION).SerializeToString())


def end_record(wall_time: float) -> bytes:
    """Returns the record with which a writer that was closed says that no more will follow."""
    log = SessionLog(status=SessionLog.STOP)
    return framed(Event(wall_time=wall_time, session_log=log).SerializeToString())


def blob_record(tag: str, step: int, wall_time: float, blobs: Sequence[bytes]) -> bytes:
    """Returns an event that holds blobs under a tag, framed.

    Args:
        tag: Tag of the record.
        step: Step of the record.
        wall_time: Seconds since 1970.
        blobs: Header and payloads.
    """
    plugin = SummaryMetadata.PluginData(plugin_name=PLUGIN_NAME, content=PLUGIN_CONTENT)
    value = Summary.Value(
        tag=tag,
        metadata=SummaryMetadata(plugin_data=plugin, data_class=DATA_CLASS_BLOB_SEQUENCE),
        tensor=TensorProto(
            dtype=DT_STRING,
            tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=len(blobs))]),
            string_val=blobs,
        ),
    )
    event = Event(wall_time=wall_time, step=step, summary=Summary(value=[value]))
    return framed(event.SerializeToString())


def scalar_record(step: int, scalars: Scalars) -> bytes:
    """Returns an event that holds figures, each under its tag, framed.

    Not as plain numbers: TensorBoard's reader in Rust knows no description of those.
    """
    plugin = SummaryMetadata.PluginData(plugin_name="scalars")
    values = [
        Summary.Value(
            tag=tag,
            metadata=SummaryMetadata(
                plugin_data=plugin,
                data_class=DATA_CLASS_SCALAR,
                summary_description=scalars.descriptions.get(tag, ""),
            ),
            tensor=TensorProto(dtype=DT_FLOAT, tensor_shape=TensorShapeProto(), float_val=[value]),
        )
        for tag, value in scalars.values.items()
    ]
    event = Event(wall_time=scalars.wall_time, step=step, summary=Summary(value=values))
    record = framed(event.SerializeToString())
    return _start_record(step, scalars.wall_time) + record if scalars.begins else record


def _start_record(step: int, wall_time: float) -> bytes:
    """Returns the record at which TensorBoard drops what it has from this step on."""
    log = SessionLog(status=SessionLog.START)
    return framed(Event(wall_time=wall_time, step=step, session_log=log).SerializeToString())


def framed(content: bytes) -> bytes:
    """Returns length, checksum of the length, content, checksum of the content."""
    length = struct.pack("<Q", len(content))
    return b"".join(
        (
            length,
            struct.pack("<I", masked_crc32c(length)),
            content,
            struct.pack("<I", masked_crc32c(content)),
        )
    )
