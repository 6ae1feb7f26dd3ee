import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untagged } from '../harness.mjs';
import { contentReads, linked, texts, THREE } from './body-story.mjs';
import { changes, perRecord, reads, verbs } from './sync-story.mjs';

const MARK = (page) => `<!-- notion-sync page=${page} -->`;
const contentWrites = (result) => result.requests.filter(({ method, path }) => method === 'PATCH' && path.endsWith('/markdown')).map(({ body }) => body);

test('what is created has its text in the very request that creates it', async (t) => {
  const at = await texts(t);
  at.addIssue({ title: 'Login fails', body: 'It does.\r\n\r\nOften.' });
  const page = at.addPage({ Name: 'Write the docs' }, { markdown: THREE });
  const result = await at.pass();
  const sent = (path) => result.requests.find((request) => request.method === 'POST' && request.path === path).body;
  assert.equal(untagged(sent('/repos/acme/app/issues').body), `${THREE}\n\n${MARK(page)}`);
  assert.equal(sent('/v1/pages').markdown, 'It does.\n\nOften.');
  assert.equal(sent('/v1/pages').markdown_version, 'v2');
  assert.equal(at.content(1), 'It does.\n\nOften.');
  assert.equal(at.issue(2).body, `${THREE}\n\n${MARK(page)}`);
  await at.settle();
});

test('F2: a text edited on GitHub: only the block that changed is sent', async (t) => {
  const at = await linked(t);
  const before = at.blocks(1);
  at.write(1, 'One.\n\nTwo, and more.\n\nThree.');
  const result = await at.pass();
  assert.deepEqual(verbs(changes(at, result)), ['write content']);
  const [{ type, markdown_version: version, update_content: update }] = contentWrites(result);
  assert.deepEqual([type, version], ['update_content', 'v2']);
  assert.ok(!JSON.stringify(update).includes('allow_deleting_content'));
  assert.equal(at.content(1), 'One.\n\nTwo, and more.\n\nThree.');
  assert.deepEqual(at.blocks(1), before, 'blocks keep their ids, and with them their comments');
  await at.settle();
});

test('F3: a page edited in Notion: the issue is written, its marker stays', async (t) => {
  const at = await texts(t);
  const page = at.addPage({ Name: 'One' }, { markdown: THREE });
  await at.pass();
  at.later();
  at.edit(1, (text) => text.replace('Two.', 'Two, and more.'));
  const result = await at.pass();
  assert.deepEqual(verbs(perRecord(at, result)[1]), ['write issue']);
  assert.equal(at.issue(1).body, `One.\n\nTwo, and more.\n\nThree.\n\n${MARK(page)}`);
  await at.settle();
});

test('what only GitHub can hold stays where Notion changes other places', async (t) => {
  const at = await linked(t, { body: '<!-- for maintainers -->\n\nOne.\n\nTwo.\n\nThree.  \n' });
  at.edit(1, (text) => text.replace('Two.', 'Two!'));
  await at.pass();
  assert.match(at.body(1), /^<!-- for maintainers -->\n\nOne\.\n\nTwo\\?!\n\nThree\. {2}\n$/);
  await at.settle();
});

test('line endings of GitHub\'s editor, signatures of files and Notion\'s own way of writing are no edits', async (t) => {
  const at = await linked(t, { body: '* one\n* two\n\nText with ![a file](https://example.com/a.png?x=1)' });
  at.write(1, `${at.body(1)}`.replace(/\n/g, '\r\n'), { web: true });
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  await at.settle();
  at.later();
  assert.deepEqual(changes(at, await at.pass({ mode: 'full' })), []);
});

test('F6: different places changed on both sides: both changes are in both texts', async (t) => {
  const at = await linked(t);
  at.write(1, THREE.replace('One.', 'One, from GitHub.'));
  at.edit(1, (text) => text.replace('Three.', 'Three, from Notion.'));
  const result = await at.pass();
  const both = 'One, from GitHub.\n\nTwo.\n\nThree, from Notion.';
  assert.deepEqual([at.body(1), at.content(1)], [both, both]);
  assert.equal(result.outputs.conflicts, '0');
  assert.deepEqual(verbs(perRecord(at, result)[1]), ['write issue', 'write content']);
  await at.settle();
});

for (const [policy, wins, lost] of [['github', 'from GitHub', 'from Notion'], ['notion', 'from Notion', 'from GitHub']]) {
  test(`F7: the same place changed on both sides, on_conflict = ${policy}: the lines that lost are quoted`, async (t) => {
    const at = await linked(t);
    at.write(1, 'One.\n\nTwo from GitHub.\n\nThree.\n\nFour.');
    at.edit(1, 'One from Notion alone.\n\nTwo from Notion.\n\nThree.');
    const result = await at.pass({ on_conflict: policy });
    const merged = `One from Notion alone.\n\nTwo ${wins}.\n\nThree.\n\nFour.`;
    assert.deepEqual([at.body(1), at.content(1)], [merged, merged]);
    assert.equal(result.outputs.conflicts, '1');
    const [comment] = at.comments(1).filter((text) => /conflict page=/.test(text));
    assert.match(comment, new RegExp(`Two ${lost}\\.`));
    assert.doesNotMatch(comment, /Three/);
    assert.match(result.summary, new RegExp(`Two ${lost}\\.`));
    assert.match(result.summary, /changed on both sides in the same places/);
    await at.settle({ on_conflict: policy });
    assert.equal(at.comments(1).length, 2);
  });
}

test('a block that one side edits and the other moves is merged; one that the other deletes is a conflict that says so', async (t) => {
  const at = await linked(t, { body: 'One.\n\nTwo [x](../y).\n\nThree.\n\nFour.' });
  at.write(1, 'One.\n\nTwo, edited [x](../y).\n\nThree.\n\nFour.');
  at.edit(1, (text) => text.replace(/(Two.*\n\n)(Three\.\n\nFour\.)/, '$2\n\n$1').trimEnd());
  assert.equal((await at.pass({ on_conflict: 'github' })).outputs.conflicts, '0');
  assert.equal(at.body(1), 'One.\n\nThree.\n\nFour.\n\nTwo, edited [x](../y).');
  await at.settle({ on_conflict: 'github' });
  at.later();
  at.write(1, at.body(1).replace('Three', 'Three, edited'));
  at.edit(1, (text) => text.replace('Three.\n\n', ''));
  assert.equal((await at.pass({ on_conflict: 'github' })).outputs.conflicts, '1');
  assert.match(at.comments(1).at(-1), /\*\*description\*\*: both sides changed the same block\. The block of GitHub was kept\. Notion had deleted it\.\n\n(?!```)/);
  assert.match(at.content(1), /Three, edited\./);
});

test('the same edit on both sides is no conflict (F4)', async (t) => {
  const at = await linked(t);
  at.write(1, 'Another.');
  at.edit(1, 'Another.');
  const result = await at.pass();
  assert.deepEqual(changes(at, result), []);
  await at.settle();
});

test('an emptied text is emptied on the other side', async (t) => {
  const at = await linked(t);
  at.write(1, '');
  await at.pass();
  assert.equal(at.content(1), '');
  at.later();
  await at.pass();
  at.later();
  at.edit(1, 'Again.');
  await at.pass();
  assert.equal(at.body(1), 'Again.');
  at.later();
  await at.pass();
  at.later();
  at.edit(1, '');
  await at.pass();
  assert.equal(at.body(1), '');
  await at.settle();
});

test('the text of a pull request, both ways', async (t) => {
  const at = await texts(t);
  const pull = at.addPull({ title: 'Fix it', head: 'fix', body: THREE });
  at.addPage({ Name: 'Fix it', 'GitHub ID': pull.number });
  await at.pass();
  assert.equal(at.content(1), THREE);
  at.later();
  await at.pass();
  at.later();
  at.edit(1, (text) => text.replace('Two.', 'Two in Notion.'));
  await at.pass();
  assert.equal(at.body(1), THREE.replace('Two.', 'Two in Notion.'));
  at.later();
  await at.pass();
  at.later();
  at.write(1, THREE.replace('One.', 'One on GitHub.'));
  await at.pass();
  assert.equal(at.content(1), THREE.replace('One.', 'One on GitHub.'));
  await at.settle();
});

// --- what Markdown cannot carry ---

test('blocks that Markdown cannot carry survive edits beside them', async (t) => {
  const at = await linked(t);
  at.edit(1, `${THREE}\n\n<callout icon="💡" color="blue_bg">Mind this</callout>\n\n<synced-block url="https://app.notion.com/p/x">Shared</synced-block>`);
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  const before = at.content(1);
  const body = at.body(1);
  at.write(1, at.issue(1).body.replace('One.', 'One, changed.'));
  await at.pass();
  assert.equal(at.content(1), before.replace('One.', 'One, changed.'));
  assert.equal(at.body(1), body.replace('One.', 'One, changed.'));
  await at.settle();
});

test('what is in toggles, callouts and tables is edited line by line, whatever GitHub cannot show of it', async (t) => {
  const at = await linked(t, { body: '|A|B|\n|:--|--:|\n|1|2|\n|3|4|\n|5|6|\n\n<details><summary>Steps</summary>\n\n- [ ] one\n- [ ] two\n\n</details>' });
  at.edit(1, (text) => `${text.replace('<toggle>', '<toggle color="red">')}\n\n<callout icon="💡" color="gray_bg">\nIdea\n\n- first\n- second\n</callout>`);
  await at.pass();
  await at.settle();
  at.later();
  at.write(1, at.body(1).replace('[ ] two', '[x] two').replace('second', 'second, changed').replace('|1|2|', '|1|20|'));
  at.edit(1, (text) => text.replace('| 5 | 6 |', '| 5 | 60 |'));
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '0');
  assert.match(at.body(1), /^\|A\|B\|\n\|:--\|--:\|\n\|1\|20\|\n\|3\|4\|\n\|5\|60\|\n\n/);
  assert.match(at.content(1), /<toggle color="red">\nSteps\n\n- \[ \] one\n- \[x\] two\n<\/toggle>/);
  assert.match(at.content(1), /<callout icon="💡" color="gray_bg">\nIdea\n\n- first\n- second, changed\n<\/callout>/);
  assert.match(at.content(1), /\| 1 \| 20 \|\n\| 3 \| 4 \|\n\| 5 \| 60 \|/);
  const edits = contentWrites(result).flatMap(({ update_content: update }) => update.content_updates);
  assert.deepEqual(edits.map(({ old_str: text }) => text), ['| 1 | 2 |', '- [ ] two', '- second'], 'nothing else is written');
  await at.settle();
});

test('a change that the page cannot take is reported once, and nothing is flattened', async (t) => {
  const at = await linked(t);
  const unknown = 'Before.\n\n<unknown url="https://app.notion.com/p/0123456789abcdef0123456789abcdef" />\n\nAfter.';
  at.edit(1, unknown);
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  const before = at.content(1);
  at.write(1, 'All of it is new.');
  const result = await at.pass();
  assert.equal(at.content(1), before);
  assert.equal(at.body(1), 'All of it is new.');
  assert.equal(result.outputs.conflicts, '1');
  const told = () => at.comments(1).filter((text) => /what Markdown cannot carry/.test(text)).length;
  assert.equal(told(), 1);
  await at.settle();
  at.later();
  const full = await at.pass({ mode: 'full' });
  assert.deepEqual(changes(at, full), []);
  assert.equal(full.outputs.conflicts, '0');
  assert.equal(contentReads(full), 0, 'and is not looked at again');
  at.write(1, 'Other news.');
  assert.equal((await at.pass()).outputs.conflicts, '1', 'another text is another matter');
  assert.equal(told(), 2);
});

test('files in Notion\'s storage: their signatures are no edits, and never reach GitHub', async (t) => {
  const at = await linked(t);
  at.notion.addHostedImage(at.page(1), 'plan.png');
  await at.pass();
  assert.doesNotMatch(at.body(1), /X-Amz|prod-files/);
  assert.match(at.body(1), /app\.notion\.com/, 'a link to the page instead');
  await at.settle();
  at.write(1, at.issue(1).body.replace('One.', 'One, changed.'));
  await at.pass();
  assert.match(at.content(1), /^One, changed\.\n\nTwo\.\n\nThree\.\n\n!\[plan\.png\]/);
  assert.equal(at.notion.pages.get(at.page(1)).blocks.filter(({ hosted }) => hosted).length, 1);
  await at.settle();
  at.later();
  assert.deepEqual(changes(at, await at.pass({ mode: 'full' })), []);
});

test('a task ticked on either side', async (t) => {
  const at = await linked(t, { body: '<!-- what is wrong -->\n\n## Steps\n\n- [ ] one\n- [ ] two\n- [ ] three' });
  at.edit(1, (text) => text.replace('[ ] one', '[x] one'));
  at.write(1, at.body(1).replace('[ ] three', '[x] three'));
  const result = await at.pass();
  assert.equal(result.outputs.conflicts, '0');
  assert.equal(at.body(1), '<!-- what is wrong -->\n\n## Steps\n\n- [x] one\n- [ ] two\n- [x] three');
  assert.match(at.content(1), /\[x\] one\n- \[ \] two\n- \[x\] three/);
  await at.settle();
});

test('people who are mentioned on a page are mentioned on GitHub by their logins, and stay mentioned on the page', async (t) => {
  const at = await texts(t);
  const [ann, eve] = [at.notion.addUser({ name: 'Ann', email: 'ann@example.com' }), at.notion.addUser({ name: 'Eve' })];
  const inputs = { people_map: ['alice = ann@example.com'] };
  const mention = ({ id, name }) => `<mention url="user://${id}">${name}</mention>`;
  at.addIssue({ title: 'One', body: THREE });
  await at.pass(inputs);
  at.later();
  await at.pass(inputs);
  at.later();
  at.edit(1, `${THREE}\n\n${mention(ann)} and ${mention(eve)} know.`);
  await at.pass(inputs);
  assert.equal(at.body(1), `${THREE}\n\n@alice and Eve know.`);
  await at.settle(inputs);
  at.later();
  at.write(1, at.issue(1).body.replace('One.', 'One, changed.'));
  at.edit(1, (text) => text.replace('Three.', 'Three, changed.'));
  await at.pass(inputs);
  assert.equal(at.content(1), `One, changed.\n\nTwo.\n\nThree, changed.\n\n${mention(ann)} and ${mention(eve)} know.`);
  assert.equal(at.body(1), 'One, changed.\n\nTwo.\n\nThree, changed.\n\n@alice and Eve know.');
  await at.settle(inputs);
  at.later();
  const others = { people_map: [`eve = ${eve.id.replace(/-/g, '')}`] };
  assert.deepEqual(changes(at, await at.pass(others)), [], 'who joins or leaves the map later changes no text');
  at.later();
  at.edit(1, (text) => text.replace('Two.', 'Two, changed.'));
  await at.pass(others);
  assert.equal(at.body(1), 'One, changed.\n\nTwo, changed.\n\nThree, changed.\n\n@alice and Eve know.');
  await at.settle(others);
});

test('a child page is never deleted', async (t) => {
  const at = await linked(t);
  const child = at.notion.addPage(null, { title: 'Child' }, { parentPage: at.page(1) });
  at.later();
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  at.write(1, 'Nothing but this.');
  await at.pass();
  assert.equal(at.notion.pages.get(child).inTrash, false);
  assert.match(at.content(1), /Child/);
  await at.settle();
});

// --- what is read, and when ---

test('only pages that changed are read; pages that a pass made are not read again', async (t) => {
  const at = await texts(t);
  for (let i = 1; i <= 20; i += 1) at.addIssue({ title: `Issue ${i}`, body: `Text ${i}.` });
  const first = await at.pass({ link_comments: 'none' });
  assert.equal(contentReads(first), 20, 'what Notion made of each');
  assert.ok(first.requests.filter(({ path }) => path === '/graphql').length <= 8, 'texts of issues are read many at once');
  at.later();
  assert.equal(contentReads(await at.pass({ link_comments: 'none' })), 0);
  at.later();
  at.edit(7, 'Another text.');
  assert.equal(contentReads(await at.pass({ link_comments: 'none' })), 1);
  at.later();
  at.github.label(at.repo, 3, ['bug']);
  const labelled = await at.pass({ link_comments: 'none' });
  assert.deepEqual(verbs(perRecord(at, labelled)[3]), ['write page']);
  at.later();
  await at.pass({ link_comments: 'none' });
  at.later();
  const full = await at.pass({ mode: 'full', link_comments: 'none' });
  assert.equal(contentReads(full), 0);
  assert.equal(full.report.counts.in_step, 20);
  assert.ok(reads(full).length <= 8, `${reads(full).length} reads`);
});

test('edits in the minute in which the content was written are seen', async (t) => {
  const at = await texts(t);
  at.addIssue({ title: 'One', body: THREE });
  at.sandbox.clock.advance(60000 - (at.sandbox.clock.now() % 60000));
  await at.pass();
  at.edit(1, THREE.replace('Two.', 'Two at once.'));
  at.later(2000);
  await at.pass();
  assert.equal(at.body(1), THREE.replace('Two.', 'Two at once.'));
  await at.settle();
});

test('content whose edits do not move the page\'s time is read when a dispatch names the page', async (t) => {
  const at = await linked(t);
  at.notion.settings.contentBumpsPage = false;
  at.edit(1, 'Unseen.');
  await at.pass();
  assert.equal(at.body(1), THREE);
  at.later();
  const payload = { action: 'notion-sync', repository: { full_name: at.repo }, client_payload: { pages: [at.page(1)] } };
  await at.pass({}, { event: { name: 'repository_dispatch', payload } });
  assert.equal(at.body(1), 'Unseen.');
});

// --- sync_body ---

test('sync_body = none: texts are neither read nor written', async (t) => {
  const at = await texts(t);
  const inputs = { sync_body: 'none' };
  at.addIssue({ title: 'One', body: THREE });
  const page = at.addPage({ Name: 'Two' }, { markdown: THREE });
  const result = await at.pass(inputs);
  assert.equal(contentReads(result), 0);
  assert.equal(at.content(1), '');
  assert.equal(at.issue(2).body, MARK(page));
  await at.settle(inputs);
});

test('sync_body = to_notion: edits in Notion stay there, and are merged with what comes', async (t) => {
  const at = await linked(t, { inputs: { sync_body: 'to_notion' } });
  const inputs = { sync_body: 'to_notion' };
  at.edit(1, (text) => text.replace('Three.', 'Three, a note.'));
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
  assert.equal(at.body(1), THREE);
  await at.settle(inputs);
  at.write(1, THREE.replace('One.', 'One, changed.'));
  await at.pass(inputs);
  assert.equal(at.content(1), 'One, changed.\n\nTwo.\n\nThree, a note.');
  assert.equal(at.body(1), THREE.replace('One.', 'One, changed.'));
  await at.settle(inputs);
  at.edit(1, (text) => `${text}\n\nA note of its own.`);
  at.write(1, 'One.\n\nTwo.\n\nThree.');
  await at.pass(inputs);
  at.later();
  at.write(1, 'One.\n\nTwo.\n\nThree.\n\nFour.');
  await at.pass(inputs);
  assert.equal(at.content(1), 'One.\n\nTwo.\n\nThree, a note.\n\nA note of its own.\n\nFour.');
  await at.settle(inputs);
});

test('sync_body = to_github: edits on GitHub stay there', async (t) => {
  const at = await texts(t);
  const inputs = { sync_body: 'to_github' };
  at.addPage({ Name: 'One' }, { markdown: THREE });
  at.addIssue({ title: 'Two', body: 'Of GitHub alone.' });
  await at.pass(inputs);
  const number = at.issues().find(({ title }) => title === 'One').number;
  assert.equal(at.body(number), THREE);
  assert.equal(at.content(3 - number), '');
  at.later();
  await at.pass(inputs);
  at.later();
  at.write(number, `${at.issue(number).body.replace('One.', 'One, on GitHub.')}`);
  assert.deepEqual(changes(at, await at.pass(inputs)), []);
  assert.equal(at.content(number), THREE);
  await at.settle(inputs);
  at.edit(number, (text) => text.replace('Three.', 'Three, in Notion.'));
  await at.pass(inputs);
  assert.equal(at.body(number), 'One, on GitHub.\n\nTwo.\n\nThree, in Notion.');
  await at.settle(inputs);
});

test('F8: switched on later: empty sides are filled, texts that differ are not overwritten without a word', async (t) => {
  const at = await texts(t);
  const off = { sync_body: 'none' };
  for (const [title, body] of [['Same', THREE], ['GitHub', 'Of GitHub.'], ['Notion', ''], ['Both', 'Of GitHub.']]) at.addIssue({ title, body });
  await at.pass(off);
  at.later();
  at.edit(1, THREE);
  at.edit(3, 'Of Notion.');
  at.edit(4, 'Of Notion.');
  await at.pass(off);
  at.later();
  const result = await at.pass();
  assert.deepEqual([1, 2, 3, 4].map((number) => [at.body(number), at.content(number)]), [
    [THREE, THREE], ['Of GitHub.', 'Of GitHub.'], ['Of Notion.', 'Of Notion.'], ['Of GitHub.', 'Of GitHub.'],
  ]);
  assert.equal(result.outputs.conflicts, '1');
  assert.match(at.comments(4).join(), /conflict page=[^]*|Of Notion\./);
  assert.match(at.comments(4).find((text) => /conflict page=/.test(text)), /Of Notion\./);
  await at.settle();
});

test('a dry run shows what would become of a text', async (t) => {
  const at = await linked(t);
  at.write(1, THREE.replace('One.', 'One, changed.'));
  at.edit(1, (text) => text.replace('Two.', 'Two, changed.'));
  const before = at.snapshot();
  const { report } = await at.pass({ dry_run: true });
  assert.deepEqual(at.snapshot(), before);
  const [{ fields: [field], actions }] = report.results;
  assert.deepEqual([field.field, field.row, field.writes], ['body', 'F6', ['github', 'notion']]);
  assert.deepEqual(actions, ['write_issue', 'write_content']);
});


test('texts of many issues are read together, not one by one', async (t) => {
  const at = await texts(t);
  for (let number = 1; number <= 60; number += 1) {
    at.addIssue({ title: `Issue ${number}`, body: `text ${number}` });
    at.addPage({ Name: `Issue ${number}`, 'GitHub ID': number, Status: 'Not started' });
  }
  const result = await at.pass({ link_comments: 'none' });
  assert.equal(at.content(60), 'text 60');
  const queries = result.requests.filter(({ path }) => path === '/graphql').length;
  assert.ok(queries <= 15, `${queries} queries for 60 issues`);
});

test('Notion refuses the Markdown of the preview: pages and fields are synced without texts, which come when it is back', async (t) => {
  const at = await texts(t);
  at.addIssue({ title: 'One', body: THREE });
  await at.pass();
  at.later();
  await at.pass();
  at.later();
  at.notion.settings.markdownV2 = false;
  at.write(1, THREE.replace('One.', 'Uno.'));
  at.notion.editPage(at.page(1), { Labels: ['new'] });
  at.addIssue({ title: 'Two', body: 'Text of two.' });
  const result = await at.pass();
  assert.equal(result.commands.filter(({ data }) => /Markdown "v2"/.test(data)).length, 1);
  assert.equal(result.outputs.failures, '0');
  assert.deepEqual(at.issue(1).labels, ['new']);
  assert.deepEqual([at.content(1), at.body(1)], [THREE, THREE.replace('One.', 'Uno.')]);
  assert.deepEqual([at.content(2), at.body(2)], ['', 'Text of two.']);
  at.later();
  await at.pass();
  assert.deepEqual([at.content(2), at.body(2)], ['', 'Text of two.']);
  at.notion.settings.markdownV2 = true;
  at.later();
  await at.pass();
  assert.equal(at.content(1), THREE.replace('One.', 'Uno.'));
  assert.equal(at.content(2), 'Text of two.');
  await at.settle();
});
