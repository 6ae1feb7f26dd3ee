import { getNamedType, isCompositeType, Kind } from 'graphql';

const MAX_NODES = 500000;

function valueOf(node, variables) {
  if (!node) return undefined;
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.LIST) return node.values;
  return undefined;
}

const argument = (field, name, variables) =>
  valueOf(field.arguments?.find((a) => a.name.value === name)?.value, variables);

function skipped(node, variables) {
  return (node.directives ?? []).some((d) => {
    const on = argument(d, 'if', variables);
    return (d.name.value === 'skip' && on === true) || (d.name.value === 'include' && on === false);
  });
}

class Walk {
  constructor(schema, document, variables, nestedCut) {
    this.schema = schema;
    this.variables = variables;
    this.nestedCut = nestedCut;
    this.fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
    this.requests = 0;
    this.nodeCount = 0;
    this.cutTimeline = false;
  }

  selections(set, type, times) {
    for (const node of set?.selections ?? []) {
      if (skipped(node, this.variables)) continue;
      if (node.kind === Kind.FIELD) this.field(node, type, times);
      else this.fragment(node, type, times);
    }
  }

  fragment(node, type, times) {
    const definition = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(node.name.value) : node;
    const condition = definition.typeCondition?.name.value;
    this.selections(definition.selectionSet, condition ? this.schema.getType(condition) : type, times);
  }

  field(node, type, times) {
    const definition = type.getFields?.()[node.name.value];
    if (!definition) return;
    const inner = getNamedType(definition.type);
    if (!isCompositeType(inner)) return;
    this.selections(node.selectionSet, inner, times * this.#size(node, definition, times));
  }

  #size(node, definition, times) {
    if (node.name.value === 'nodes' && definition.args.some((a) => a.name === 'ids')) {
      const count = argument(node, 'ids', this.variables)?.length ?? 1;
      this.nodeCount += count;
      return count;
    }
    if (!definition.args.some((a) => a.name === 'first')) return 1;
    const wanted = argument(node, 'first', this.variables) ?? argument(node, 'last', this.variables);
    const count = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 0), 100) : 1;
    this.requests += times;
    this.nodeCount += times * count;
    if (node.name.value === 'timelineItems' && times > 1 && times * count >= this.nestedCut) {
      this.cutTimeline = true;
    }
    return count;
  }
}

/**
 * Points and nodes of an operation, as documented: the requests that every connection would need with all
 * pages full, divided by a hundred; https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
 */
export function costOf(schema, document, operation, variables, nestedCut) {
  const walk = new Walk(schema, document, variables, nestedCut);
  walk.selections(operation.selectionSet, schema.getRootType(operation.operation), 1);
  return {
    cost: Math.max(1, Math.round(walk.requests / 100)), nodeCount: walk.nodeCount,
    tooMany: walk.nodeCount > MAX_NODES,
    cutTimeline: walk.cutTimeline,
  };
}
