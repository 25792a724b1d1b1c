// A client that provisions a directory, with the messages and resources of SCIMMY: it sends what SCIMMY writes, and reads every answer
// with the schemas of SCIMMY.
import SCIMMY from 'scimmy';

const { User, Group } = SCIMMY.Schemas;
const { ErrorResponse, ListResponse, PatchOp, SearchRequest } = SCIMMY.Messages;
const enterprise = SCIMMY.Schemas.EnterpriseUser.definition.id;

const plain = (value) => JSON.parse(JSON.stringify(value));

// readError reads an error. SCIMMY throws one that has its schema, and checks one that has none.
export function readError({ schemas, ...said }) {
  if (schemas.join() !== ErrorResponse.id) throw new Error(`an error with the schemas ${schemas}`);
  return plain(new ErrorResponse(said));
}

// Client asks a server, and notes what each request is for and what is not as it should be.
class Client {
  steps = [];

  wrong = [];

  constructor(base, key) {
    Object.assign(this, { base, key });
  }

  // ask sends a request and returns its status and what the answer holds.
  async ask(step, method, path, { body, match, status }) {
    this.steps.push(step);
    const response = await fetch(this.base + path, {
      method,
      headers: { authorization: this.key, ...(body && { 'content-type': 'application/scim+json' }), ...(match && { 'if-match': match }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    this.expect(step, response.status === status, `status ${response.status}: ${text}`);
    this.expect(step, !text || response.headers.get('content-type') === 'application/scim+json', 'the form of the answer');
    return { json: text ? JSON.parse(text) : undefined, headers: response.headers };
  }

  expect(step, holds, what) {
    if (!holds) this.wrong.push(`${step}: ${what}`);
  }

  // one asks for one resource and reads it as a kind.
  async one(step, method, path, kind, { status = 200, ...more } = {}) {
    const { json, headers } = await this.ask(step, method, path, { status, ...more });
    const resource = new kind(json, 'out');
    this.expect(step, headers.get('etag') === resource.meta.version, 'the version in the headers');
    this.expect(step, headers.get('location') === null || headers.get('location') === resource.meta.location, 'the address in the headers');
    return resource;
  }

  async many(step, method, path, kind, more = {}) {
    const list = new ListResponse((await this.ask(step, method, path, { status: 200, ...more })).json);
    this.expect(step, list.itemsPerPage === list.Resources.length, 'the number of resources of the page');
    return { total: list.totalResults, found: list.Resources.map((json) => new kind(json, 'out')) };
  }

  async refused(step, method, path, more) {
    const error = readError((await this.ask(step, method, path, more)).json);
    this.expect(step, Number(error.status) === more.status && error.scimType === more.type, JSON.stringify(error));
  }

  // patch sends operations, and expects what SCIMMY makes of them; a server need not send the resource back.
  async patch(step, path, was, operations, match) {
    const message = new PatchOp({ schemas: [PatchOp.id], Operations: operations });
    const expected = await message.apply(new was.constructor(plain(was), 'both')) ?? was;
    const body = plain(message);
    let is;
    if (was instanceof Group) {
      await this.ask(step, 'PATCH', path, { body, match, status: 204 });
      is = await this.one(`${step}: what it is now`, 'GET', path, was.constructor);
    } else {
      is = await this.one(step, 'PATCH', path, was.constructor, { body, match });
    }
    const bare = (resource) => JSON.stringify(sorted({ ...plain(resource), meta: undefined, members: members(resource) }));
    this.expect(step, bare(is) === bare(expected), `${bare(is)}, expected ${bare(expected)}`);
    return is;
  }
}

const members = (group) => group.members?.map((m) => m.value).sort();

// sorted writes the names of a value in order.
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

const people = [
  { given: 'Noor', family: 'Claes', mail: 'noor.claes@stad.example', number: 'P-1001', department: 'Burgerzaken', title: 'Diensthoofd' },
  { given: 'Émile', family: "D'Hondt", mail: 'emile.dhondt@stad.example', number: 'P-1002', department: 'Burgerzaken', title: 'Baliemedewerker' },
  { given: 'Yara', family: 'Ben Saïd', mail: 'yara.bensaid@stad.example', number: 'P-1003', department: 'Groendienst', title: 'Tuinier' },
];

const user = (p, external) => new User({
  schemas: [User.id, enterprise], userName: p.mail, externalId: external, active: true, displayName: `${p.given} ${p.family}`, preferredLanguage: 'nl-BE',
  name: { givenName: p.given, familyName: p.family, formatted: `${p.given} ${p.family}` }, title: p.title,
  emails: [{ value: p.mail, type: 'work', primary: true }], [enterprise]: { employeeNumber: p.number, department: p.department },
}, 'in');

// provision does what a directory does in the life of a few people and groups. It returns what each request was for, in order, and what
// was not as it should be.
export async function provision({ base, key }) {
  const c = new Client(base, key);
  await c.ask('what the server can do', 'GET', '/ServiceProviderConfig', { status: 200 });
  const types = new ListResponse((await c.ask('which resources there are', 'GET', '/ResourceTypes', { status: 200 })).json);
  c.expect('which resources there are', types.Resources.map((t) => t.endpoint).join() === '/Users,/Groups', 'the addresses');
  await c.ask('which attributes there are', 'GET', '/Schemas', { status: 200 });

  const made = [];
  for (const [i, p] of people.entries()) {
    const who = await c.many(`is ${p.given} there`, 'GET', `/Users?filter=${encodeURIComponent(`userName eq "${p.mail}"`)}`, User);
    c.expect(`is ${p.given} there`, who.total === 0, `${who.total} found`);
    made.push(await c.one(`${p.given} is added`, 'POST', '/Users', User, { body: plain(user(p, `ext-${i + 1}`)), status: 201 }));
  }
  const [noor, emile, yara] = made.map((u) => `/Users/${u.id}`);
  await c.refused('Noor is added again', 'POST', '/Users', { body: plain(user(people[0], 'ext-1')), status: 409, type: 'uniqueness' });

  const search = plain(new SearchRequest().prepare({ filter: 'name.familyName sw "d\'" and active eq true', attributes: ['userName'], count: 5 }));
  const found = await c.many('people are sought', 'POST', '/Users/.search', User, { body: search });
  c.expect('people are sought', found.total === 1 && found.found[0].id === made[1].id && found.found[0].title === undefined, JSON.stringify(found));
  const page = await c.many('a page in order', 'GET', '/Users?sortBy=userName&sortOrder=descending&startIndex=2&count=1', User);
  c.expect('a page in order', page.total === 3 && page.found[0].id === made[0].id, JSON.stringify(page));

  let is = await c.patch('Émile gets a manager and another title', emile, made[1], [
    { op: 'add', path: `${enterprise}:manager`, value: { value: made[0].id } }, { op: 'replace', path: 'title', value: 'Teamleider balie' },
  ], made[1].meta.version);
  await c.refused('Émile is changed on an old version', 'PATCH', emile, {
    body: plain(new PatchOp({ schemas: [PatchOp.id], Operations: [{ op: 'remove', path: 'title' }] })), match: made[1].meta.version, status: 412,
  });
  is = await c.patch('Émile gets a second address', emile, is, [{ op: 'add', path: 'emails', value: [{ value: 'e.dhondt@stad.example', type: 'other' }] }]);
  is = await c.patch('the address of work changes', emile, is, [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'emile@stad.example' }]);
  is = await c.patch('the second address goes', emile, is, [{ op: 'remove', path: 'emails[type eq "other"]' }, { op: 'remove', path: 'preferredLanguage' }]);
  is = await c.patch('several things without a path', emile, is, [{ op: 'add', value: { displayName: 'Emile', name: { givenName: 'Emile' } } }]);
  is = await c.patch('the manager goes', emile, is, [{ op: 'remove', path: `${enterprise}:manager` }]);

  const next = plain(made[2]);
  next[enterprise] = { ...next[enterprise], department: 'Wegendienst' };
  delete next.title;
  delete next.meta;
  const replaced = await c.one('Yara is replaced', 'PUT', yara, User, { body: next, match: made[2].meta.version });
  c.expect('Yara is replaced', replaced.title === undefined && replaced[enterprise].department === 'Wegendienst' && replaced.id === made[2].id, JSON.stringify(replaced));
  await c.refused('a filter that is none', 'GET', `/Users?filter=${encodeURIComponent('userName is "a"')}`, { status: 400, type: 'invalidFilter' });

  const team = new Group({ schemas: [Group.id], displayName: 'Balie', externalId: 'grp-1', members: made.slice(0, 2).map((u) => ({ value: u.id, type: 'User' })) }, 'in');
  let group = await c.one('a group is added with members', 'POST', '/Groups', Group, { body: plain(team), status: 201 });
  const at = `/Groups/${group.id}`;
  const mine = await c.many('who is Noor with', 'GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${made[0].id}"`)}&excludedAttributes=members`, Group);
  c.expect('who is Noor with', mine.total === 1 && mine.found[0].members === undefined, JSON.stringify(mine));
  group = await c.patch('Yara joins', at, group, [{ op: 'add', path: 'members', value: [{ value: made[2].id, type: 'User' }] }]);
  group = await c.patch('Émile leaves', at, group, [{ op: 'remove', path: `members[value eq "${made[1].id}"]` }]);
  group = await c.patch('the group is called otherwise', at, group, [{ op: 'replace', path: 'displayName', value: 'Balie en groen' }]);
  await c.refused('somebody unknown joins', 'PATCH', at, {
    body: plain(new PatchOp({ schemas: [PatchOp.id], Operations: [{ op: 'add', path: 'members', value: [{ value: 'nobody' }] }] })), status: 400, type: 'invalidValue',
  });

  is = await c.patch('Émile is switched off', emile, is, [{ op: 'replace', path: 'active', value: false }]);
  c.expect('Émile is switched off', (await c.one('Émile is still there', 'GET', emile, User)).active === false, 'active');
  await c.patch('Émile is switched on', emile, is, [{ op: 'replace', path: 'active', value: true }]);
  await c.ask('Noor is deleted', 'DELETE', noor, { status: 204 });
  await c.refused('Noor is sought', 'GET', noor, { status: 404 });
  group = await c.one('the group without Noor', 'GET', at, Group);
  c.expect('the group without Noor', members(group).join() === made[2].id, JSON.stringify(group));
  const back = await c.one('Noor comes back', 'POST', '/Users', User, { body: plain(user(people[0], 'ext-1')), status: 201 });
  c.expect('Noor comes back', back.id === made[0].id, 'as somebody else');
  await c.ask('the group is deleted', 'DELETE', at, { status: 204 });
  const all = await c.many('who is there in the end', 'GET', '/Users?attributes=userName,active', User);
  c.expect('who is there in the end', all.total === 3 && all.found.every((u) => u.active), JSON.stringify(all));
  return { steps: c.steps, wrong: c.wrong };
}
