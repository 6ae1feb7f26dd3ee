import { validation } from './errors.mjs';

// Ids look random, so that no test can lean on their order, and are the same in every run.
export class Ids {
  #counter = 0;

  uuid() {
    const words = this.#words();
    const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
    return dashed(`${hex.slice(0, 12)}8${hex.slice(13, 16)}b${hex.slice(17)}`);
  }

  // Four words from a counter: every bit of it moves every bit of them (Murmur3's last step).
  #words() {
    this.#counter += 1;
    return [1, 2, 3, 4].map((salt) => {
      let word = Math.imul(this.#counter, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      return (word ^ (word >>> 16)) >>> 0;
    });
  }

  // Raw form of a property or option id; answers carry it URL-encoded.
  short() {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[\\]^_`{|}~';
    return this.#words().map((word) => letters[word % letters.length]).join('');
  }
}

export function dashed(hex) {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function parseId(text, where = 'path') {
  const hex = typeof text === 'string' ? text.replace(/-/g, '').toLowerCase() : '';
  if (!/^[0-9a-f]{32}$/.test(hex)) {
    throw validation(`${where} failed validation: ${where} should be a valid uuid, instead was \`"${text}"\`.`);
  }
  return dashed(hex);
}

export const floorMinute = (ms) => Math.floor(ms / 60000) * 60000;
export const isoMinute = (ms) => new Date(floorMinute(ms)).toISOString();

export function slugUrl(title, id) {
  const slug = title.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80);
  const hex = id.replace(/-/g, '');
  return `https://app.notion.com/p/${slug === '' ? '' : `${slug}-`}${hex}`;
}
