import { createHash } from 'node:crypto';
import { validation } from './errors.mjs';

// Ids look random, so that no test can lean on their order, and are the same in every run.
export class Ids {
  #counter = 0;

  uuid() {
    this.#counter += 1;
    const hex = createHash('md5').update(`id ${this.#counter}`).digest('hex');
    const version = `${hex.slice(0, 12)}8${hex.slice(13, 16)}b${hex.slice(17)}`;
    return dashed(version);
  }

  // Raw form of a property or option id; answers carry it URL-encoded.
  short() {
    this.#counter += 1;
    const bytes = createHash('md5').update(`short ${this.#counter}`).digest();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[\\]^_`{|}~';
    return [...bytes.subarray(0, 4)].map((byte) => letters[byte % letters.length]).join('');
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
