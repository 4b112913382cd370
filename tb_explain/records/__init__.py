"""Explanations as bytes in TensorBoard's event files, and back.

The format is defined in `record.schema.json`. Imports neither Keras nor TensorFlow.
"""

from tb_explain.records.decode import decode_map, decode_table, read_header
from tb_explain.records.encode import encode_maps, encode_progress, encode_structure, encode_table
from tb_explain.records.moment import Moment
from tb_explain.records.pictures import encode_samples
from tb_explain.records.scalars import Scalars
from tb_explain.records.writer import Blobs, RecordWriter, WriterBusyError

__all__ = [
    "Blobs",
    "Moment",
    "RecordWriter",
    "Scalars",
    "WriterBusyError",
    "decode_map",
    "decode_table",
    "encode_maps",
    "encode_progress",
    "encode_samples",
    "encode_structure",
    "encode_table",
    "read_header",
]
