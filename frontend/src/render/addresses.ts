type Forget = (address: string) => void;

const forgetful: Forget[] = [];

/** Has a cache told which addresses are used no more. */
export function onRelease(forget: Forget): void {
  forgetful.push(forget);
}

/** Milliseconds after which nothing that is still in the page can need an address. */
const LATER = 5000;

/** Frees pictures, and all that was made of them, once the page shows others in their place. */
export function releaseLater(addresses: Iterable<string>): void {
  const gone = [...addresses];
  if (gone.length) setTimeout(() => gone.forEach(release), LATER);
}

function release(address: string): void {
  forgetful.forEach((forget) => forget(address));
  URL.revokeObjectURL(address);
}
