import {useEffect, useRef} from 'preact/hooks';
import {greyOf} from '../render/grey';
import {setPending} from '../render/ready';

interface PictureProps {
  address: string;
  pixelated: boolean;
  /** Whether a map lies above it. */
  grey?: boolean;
}

/** The picture of a sample; the page counts as ready when it is decoded. */
export function Picture({address, pixelated, grey = false}: PictureProps) {
  const image = useRef<HTMLImageElement>(null);
  const shown = grey ? greyOf(address) : address;
  useEffect(() => {
    const token = {};
    const done = () => setPending(token, false);
    setPending(token, true);
    if (shown) image.current?.decode().then(done, done);
    return done;
  }, [shown]);
  if (!shown) return null;
  return <img ref={image} class={pixelated ? 'pic raw' : 'pic'} src={shown} alt="" draggable={false} />;
}
