/** Bytes of both headers and of the table of 256 greys. */
const FILE_HEADER = 14;
const PICTURE_HEADER = 40;
const TABLE = 1024;

/** Grey pixels as a picture file with one byte per pixel (BMP), which is written at once. */
export function bitmap({data, width, height}: Pick<ImageData, 'data' | 'width' | 'height'>): Blob {
  const start = FILE_HEADER + PICTURE_HEADER + TABLE;
  const pitch = Math.ceil(width / 4) * 4;
  const bytes = new Uint8Array(start + pitch * height);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, PICTURE_HEADER, true);
  view.setInt32(18, width, true);
  view.setInt32(22, -height, true); // Rows from top to bottom.
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let grey = 0; grey < 256; grey++) {
    bytes.fill(grey, FILE_HEADER + PICTURE_HEADER + 4 * grey, FILE_HEADER + PICTURE_HEADER + 4 * grey + 3);
  }
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) bytes[start + row * pitch + col] = data[4 * (row * width + col)]!;
  }
  return new Blob([bytes], {type: 'image/bmp'});
}
