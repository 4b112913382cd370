/** The address of a paper as a record names it; what is no address of the web becomes no link. */
export const paperLink = (address: unknown): string => (typeof address === 'string' && /^https?:\/\//.test(address) ? address : '');
