/** Columns by rows; 1 where they are not known. */
export const proportion = (rows: number | undefined, cols: number | undefined): number => (rows && cols ? cols / rows : 1);

/** The part of a cell in which its picture lies, or all of it. */
export const pictureBox = (cell: Element): DOMRect => (cell.querySelector('.fit') ?? cell).getBoundingClientRect();
