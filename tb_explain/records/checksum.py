"""CRC-32C, the checksum of event files and of maps."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
import google_crc32c


def crc32c(content: bytes) -> int:
    """Returns the CRC-32C of some bytes."""
    return int(google_crc32c.value(content))


def masked_crc32c(content: bytes) -> int:
    """Returns the checksum as event files hold it, rotated and offset.

    References:
        https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
    """
    crc = crc32c(content)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
