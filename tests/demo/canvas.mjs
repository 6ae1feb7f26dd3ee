// Drawing in SVG: texts of a known width, boxes and lines, in the colors of GitHub's light and dark pages.

export const THEMES = {
  light: {
    back: '#ffffff', text: '#1f2328', muted: '#59636e', border: '#d1d9e0', soft: '#f6f8fa', code: '#eff1f3', link: '#0969da',
    open: '#1a7f37', done: '#8250df', closed: '#59636e', caution: '#d1242f', warning: '#9a6700',
    edit: '#fff1b8', wrote: '#c6f0d0', added: '#dafbe1', removed: '#ffebe9',
    pills: { gray: ['#e3e2e0', '#32302c'], blue: ['#d3e5ef', '#183347'], yellow: ['#fdecc8', '#402c1b'], green: ['#dbeddb', '#1c3829'], red: ['#ffe2dd', '#5d1715'], purple: ['#e8deee', '#412454'] },
  },
  dark: {
    back: '#0d1117', text: '#f0f6fc', muted: '#9198a1', border: '#3d444d', soft: '#151b23', code: '#262c36', link: '#4493f8',
    open: '#3fb950', done: '#ab7df8', closed: '#9198a1', caution: '#f85149', warning: '#d29922',
    edit: '#5a4a12', wrote: '#12472a', added: '#12301f', removed: '#3c1618',
    pills: { gray: ['#373c44', '#d5d9de'], blue: ['#1d3a52', '#a9d0f0'], yellow: ['#4d3a12', '#f0d493'], green: ['#1f4430', '#a6dfb9'], red: ['#542420', '#f5b8b1'], purple: ['#3f2b52', '#d5bdec'] },
  },
};

const SANS = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, 'DejaVu Sans', sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

// Widths of Helvetica, space to tilde, in thousandths of the size.
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

export function measure(text, { size = 14, bold = false, mono = false } = {}) {
  let width = 0;
  for (const c of text) {
    const code = c.codePointAt(0);
    if (code > 0x1f000 || (code > 0x2600 && code < 0x27c0)) width += 1.25;
    else if (mono) width += 0.602;
    else if (c === '→') width += 1;
    else if (c === '“' || c === '”' || c === '’' || c === '·') width += 0.333;
    else width += (WIDTHS[code - 32] ?? 600) / 1000 * (bold ? 1.06 : 1);
  }
  return width * size;
}

export const fit = (text, width, style) => {
  if (measure(text, style) <= width) return text;
  let cut = text;
  while (cut !== '' && measure(`${cut}…`, style) > width) cut = cut.slice(0, -1);
  return `${cut}…`;
};

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const n = (number) => String(Math.round(number * 10) / 10);

export class Canvas {
  constructor(width, theme) {
    this.width = width;
    this.theme = THEMES[theme];
    this.y = 0;
    this.parts = [];
  }

  // The text's baseline is y. It takes the width that was measured, whatever font there is.
  text(x, y, text, { size = 14, bold = false, mono = false, color = this.theme.text, anchor = 'start' } = {}) {
    const width = measure(text, { size, bold, mono });
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
    this.parts.push(`<text x="${n(left)}" y="${n(y)}" font-size="${size}" fill="${color}"${mono ? ' class="m"' : ''}${bold ? ' font-weight="600"' : ''}`
      + `${text.length > 1 ? ` textLength="${n(width)}" lengthAdjust="spacingAndGlyphs"` : ''} xml:space="preserve">${escape(text)}</text>`);
    return width;
  }

  box(x, y, width, height, { fill = 'none', stroke = 'none', radius = 6, dash = '' } = {}) {
    this.parts.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}" fill="${fill}" stroke="${stroke}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`);
  }

  line(x1, y1, x2, y2, { stroke = this.theme.border, width = 1, dash = '' } = {}) {
    this.parts.push(`<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${stroke}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`);
  }

  path(d, { fill = 'none', stroke = 'none', width = 1.5 } = {}) {
    this.parts.push(`<path d="${d}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>`);
  }

  arrow(x1, y, x2, { dash = '' } = {}) {
    const color = this.theme.muted;
    const back = x2 > x1 ? -8 : 8;
    this.line(x1, y, x2 + back / 2, y, { stroke: color, width: 1.5, dash });
    this.path(`M${n(x2)} ${n(y)} l${back} -4.5 v9 z`, { fill: color });
  }

  // A word on a colored ground; the width it takes.
  pill(x, y, text, color) {
    const [fill, ink] = this.theme.pills[color] ?? this.theme.pills.gray;
    const width = measure(text, { size: 12 }) + 14;
    this.box(x, y - 13, width, 18, { fill, radius: 4 });
    this.text(x + 7, y, text, { size: 12, color: ink });
    return width;
  }

  svg(title) {
    const height = Math.ceil(this.y);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${height}" viewBox="0 0 ${this.width} ${height}" role="img" aria-label="${escape(title)}">`,
      `<title>${escape(title)}</title>`,
      `<style>text{font-family:${SANS}}.m{font-family:${MONO}}</style>`,
      `<rect x=".5" y=".5" width="${this.width - 1}" height="${height - 1}" rx="8" fill="${this.theme.back}" stroke="${this.theme.border}"/>`,
      ...this.parts, '</svg>', '',
    ].join('\n');
  }
}
