import { validation } from './errors.mjs';

/** The ids of the properties that a request wants of pages (`filter_properties`), or null: all. */
export function onlyProperties(world, schema, query) {
  const keys = [...query.getAll('filter_properties'), ...query.getAll('filter_properties[]')];
  if (keys.length === 0 || !schema) return null;
  return new Set(keys.map((key) => {
    const property = schema.find(key);
    if (!property || (!world.settings.onlyByIds && property.name !== key)) throw validation(`Could not find property with name or id: ${key}`);
    return property.id;
  }));
}
