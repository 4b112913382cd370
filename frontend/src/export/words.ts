import {wrap} from './wrap';

export type Context = CanvasRenderingContext2D;

/** Colours and font, as in the page. */
export interface Look {
  paper: string;
  field: string;
  ink: string;
  grey: string;
  font: string;
}

const LINE = 16;

/** Lines of text on a canvas, the first one bold unless said otherwise; every text begins a new line. */
export class Words {
  constructor(private readonly context: Context, private readonly look: Look) {}

  private lines(texts: readonly string[], width: number, bold: boolean): {text: string; first: boolean}[] {
    return texts.filter(Boolean).flatMap((text, i) => {
      const first = bold && i === 0;
      this.context.font = first ? `500 13px ${this.look.font}` : `400 11px ${this.look.font}`;
      return wrap(text, width, (part) => this.context.measureText(part).width).map((line) => ({text: line, first}));
    });
  }

  height(texts: readonly string[], width: number, bold = true): number {
    return this.lines(texts, width, bold).length * LINE;
  }

  draw(texts: readonly string[], x: number, y: number, width: number, bold = true): void {
    this.lines(texts, width, bold).forEach(({text, first}, i) => {
      this.context.font = first ? `500 13px ${this.look.font}` : `400 11px ${this.look.font}`;
      this.context.fillStyle = first ? this.look.ink : this.look.grey;
      this.context.fillText(text, x, y + i * LINE + 12);
    });
  }
}
