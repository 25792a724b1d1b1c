// Two other implementations of SCIM as servers of orders for tests: SCIMMY, and scim-patch with scim2-parse-filter.
import SCIMMY from 'scimmy';
import scimPatch from 'scim-patch';
import parseFilter from 'scim2-parse-filter';
import tester from 'scim2-parse-filter/lib/src/tester.js';
import { serve } from './control.js';
import { provision, readError } from './scimclient.js';

const { Attribute, Filter, SchemaDefinition } = SCIMMY.Types;
SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser);
const own = {
  User: SCIMMY.Schemas.User, Group: SCIMMY.Schemas.Group,
  ServiceProviderConfig: SCIMMY.Schemas.ServiceProviderConfig, ResourceType: SCIMMY.Schemas.ResourceType,
};

// attribute makes an attribute of SCIMMY, which refuses characteristics that there are not, of one that a server describes.
function attribute(a) {
  const characteristics = {
    multiValued: a.multiValued, description: a.description, required: a.required, mutable: a.mutability, returned: a.returned,
    caseExact: a.caseExact, uniqueness: a.uniqueness, canonicalValues: a.canonicalValues ?? false, referenceTypes: a.referenceTypes ?? false,
  };
  const made = new Attribute(a.type, a.name, characteristics, (a.subAttributes ?? []).map(attribute));
  const again = JSON.parse(JSON.stringify(made));
  for (const [name, value] of Object.entries(again)) {
    if (name !== 'subAttributes' && JSON.stringify(a[name]) !== JSON.stringify(value)) throw new Error(`${a.name}: ${name} is ${JSON.stringify(a[name])}, read as ${JSON.stringify(value)}`);
  }
  return made;
}

const plain = (value) => JSON.parse(JSON.stringify(value));
const isDate = (text) => typeof text === 'string' && /^\d{4}-\d\d-\d\dT/.test(text);
const alike = (a, b) => a === b || (isDate(a) && isDate(b) && new Date(a).getTime() === new Date(b).getTime());

// lost lists where what was read is not what was sent.
function lost(sent, read, at = '') {
  if (sent === null || typeof sent !== 'object') return alike(sent, read) ? [] : [`${at}: ${JSON.stringify(sent)} is read as ${JSON.stringify(read)}`];
  if (Object.keys(sent).length === 0) return [`${at}: empty, so unassigned, and sent`];
  return [...new Set([...Object.keys(sent), ...Object.keys(read ?? {})])].flatMap((key) => lost(sent[key], read?.[key], `${at}.${key}`));
}

// read reads a resource with a schema, as it comes from a server at base.
function read(definition, body, base) {
  try {
    return lost(body, plain(definition.coerce(body, 'out', base)));
  } catch (error) {
    return [error.message];
  }
}

let described = {};

// PerValue gives a filter in brackets each value by itself (RFC 7644, section 3.4.2.2); scim2-parse-filter gives it all of them.
class PerValue extends tester.Tester {
  test(resource, filter) {
    if (filter.op !== '[]') return super.test(resource, filter);
    return this.attrTest(this.attrPath(filter.attrPath), resource, (values) => [values].flat().some((value) => super.test(value, filter.valFilter)));
  }
}

const chosen = {
  'scim2-parse-filter': (resources, text) => {
    const filter = parseFilter.parse(text);
    return resources.filter((resource) => new PerValue().test(resource, filter));
  },
  SCIMMY: (resources, text) => new Filter(text).match(resources),
};

const patched = {
  'scim-patch': ({ resource, operations }) => {
    const message = { schemas: [scimPatch.PATCH_OPERATION_SCHEMA], Operations: operations };
    scimPatch.patchBodyValidation(message);
    return scimPatch.scimPatch(plain(resource), plain(operations), { mutateDocument: true, treatMissingAsAdd: true });
  },
  SCIMMY: async ({ kind, resource, operations }) => {
    const message = new SCIMMY.Messages.PatchOp({ schemas: [SCIMMY.Messages.PatchOp.id], Operations: plain(operations) });
    const was = new own[kind](plain(resource), 'both');
    return plain(await message.apply(was) ?? was);
  },
};

serve({
  // describe makes schemas of what a server says that it keeps, for accept, and returns what is wrong with it.
  describe({ config, types, schemas, base }) {
    const wrong = [
      ...read(own.ServiceProviderConfig.definition, config, `${base}/ServiceProviderConfig`),
      ...types.flatMap((type) => read(own.ResourceType.definition, type, `${base}/ResourceTypes`)),
    ];
    const made = Object.fromEntries(schemas.map((s) => [s.id, new SchemaDefinition(s.name, s.id, s.description, s.attributes.map(attribute))]));
    described = {};
    for (const type of types) {
      described[type.name] = made[type.schema];
      for (const extension of type.schemaExtensions ?? []) described[type.name].extend(made[extension.schema], extension.required);
    }
    return wrong;
  },
  // accept returns what is wrong with resources: by the schemas of SCIMMY, and by those that the server describes.
  accept: ({ resources, base }) => resources.map(({ kind, body }) => [
    ...read(own[kind].definition, body, `${base}/${kind}s`).map((text) => `by RFC 7643: ${text}`),
    ...read(described[kind], body, `${base}/${kind}s`).map((text) => `by /Schemas: ${text}`),
  ]),
  // messages returns what is wrong with lists and errors.
  messages: ({ lists, errors }) => [
    ...lists.flatMap((list) => lost(list, plain(new SCIMMY.Messages.ListResponse(list))).filter((text) => !text.startsWith('.Resources: empty'))),
    ...errors.flatMap((error) => lost(error, readError(error))),
  ],
  // filter returns for each case, {by, text}, the places of the resources that are found.
  filter: ({ resources, cases }) => cases.map(({ by, text }) => {
    try {
      return chosen[by](resources, text).map((found) => resources.indexOf(found));
    } catch (error) {
      throw new Error(`${by}: ${text}: ${error.stack}`);
    }
  }),
  // patch returns for each case, {by, kind, resource, operations}, {resource} or {error}.
  patch: ({ cases }) => Promise.all(cases.map(async (c) => {
    try {
      return { resource: await patched[c.by](c) };
    } catch (error) {
      return { error: [error.constructor.name, error.scimType, error.message].filter(Boolean).join(' ') };
    }
  })),
  provision,
});
