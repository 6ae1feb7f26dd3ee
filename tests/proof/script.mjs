// Short histories that bring the program to every write it can make. `before` happens ahead of a
// pass (or `passes`) that nothing disturbs, `then` ahead of the pass that is put to the test. Titles are unique
// in the end: they replace ids and numbers, which differ from run to run.

const BOT = 'github-actions[bot]';

// In Notion it takes several comments.
const many = (word) => Array.from({ length: 70 }, (_, i) => `*${word} ${i}* `).join('');

const THREE = 'First.\n\nSecond.\n\nThird.';

// Tasks and the pull requests that belong to them, each at its first stage, as a pass has seen it.
const MOVING = {
  board: { properties: { ID: { unique_id: { prefix: 'TASK' } }, 'Pull Requests': 'rich_text', 'PR State': { select: [] } } },
  inputs: {
    create_issues: 'none', task_ids: true,
    progress_map: ['draft = In progress', 'open = Review', 'approved = Not started', 'merged = Done', 'closed = Canceled'],
  },
  passes: 2,
  before({ board, github, repo }) {
    github.quirks.closeLinkedIssues = false;
    for (const title of ['One', 'Two', 'Three', 'Four', 'Five', 'Six']) board.addIssue({ title });
    board.addPage({ Name: 'Alone', Status: 'Not started' });
    for (const n of [1, 2, 3, 4, 5, 6]) board.addPull({ title: `Pull ${n}`, body: `Fixes #${n}`, head: `work-${n}`, draft: true });
    board.addPull({ title: 'Pull for TASK-1', head: 'alone', draft: true });
  },
};

// Two continue, one is merged, one closed, one merged together with GitHub's closing, and the page alone continues.
function movePulls(github, repo) {
  github.draft(repo, 7, false);
  github.draft(repo, 8, false);
  github.review(repo, 8, 'APPROVED');
  github.draft(repo, 9, false);
  github.merge(repo, 9);
  github.close(repo, 10);
  github.draft(repo, 11, false);
  github.merge(repo, 11);
  github.close(repo, 5);
  github.draft(repo, 13, false);
}

export const SCRIPTS = {
  'creates both ways': {
    then({ board }) {
      board.addPage({ Name: 'Page one', Status: 'In progress', Labels: ['docs'] });
      board.addPage({ Name: 'Page done', Status: 'Done' });
      board.addPage({ Name: 'Page off', Status: 'Canceled', Labels: ['docs', 'late'] });
      board.addIssue({ title: 'Issue one', labels: ['bug'] });
      board.addIssue({ title: 'Issue two' });
    },
  },

  'makes the column, and pages for closed issues': {
    board: { properties: { 'GitHub ID': null } },
    inputs: { create_pages: 'all', pull_requests: 'all', link_comments: 'created' },
    then({ board, github, repo }) {
      board.addPage({ Name: 'Page one', Status: 'Not started' });
      board.addIssue({ title: 'Issue closed' });
      github.close(repo, 1, { reason: 'not_planned' });
      board.addPull({ title: 'Pull one', head: 'one' });
    },
  },

  'adopts what people linked': {
    then({ board }) {
      const same = board.addIssue({ title: 'Same', labels: ['bug'] });
      const other = board.addIssue({ title: 'Title on GitHub', labels: ['bug'] });
      const pull = board.addPull({ title: 'Pull one', head: 'one' });
      board.addPage({ Name: 'Same', Status: 'Not started', Labels: ['docs'], 'GitHub ID': same.number });
      board.addPage({ Name: 'Title in Notion', Status: 'Not started', 'GitHub ID': other.number });
      board.addPage({ Name: 'Pull one', Status: 'Review', 'GitHub ID': pull.number });
    },
  },

  'adopts by markers, without a state': {
    before({ board }) {
      board.addPage({ Name: 'Page one', Status: 'Not started' });
      board.addIssue({ title: 'Issue one' });
      board.addIssue({ title: 'Issue two' });
    },
    then({ board, github, notion, repo, page }) {
      const marked = board.addPage({ Name: 'Page marked', Status: 'Done', Labels: ['docs'] });
      board.addIssue({ title: 'Page marked', body: `Text.\n\n${board.marker(`page=${marked}`)}`, by: BOT });
      github.deleteRef(repo, board.stateRef);
      notion.editPage(page('Page one'), { 'GitHub ID': null });
      notion.editPage(page('Issue two'), { 'GitHub ID': null });
      github.label(repo, 1, ['urgent']);
    },
  },

  'moves the cursor': {
    before({ board }) {
      board.addPage({ Name: 'Page one', Status: 'Not started' });
      board.addIssue({ title: 'Issue one' });
    },
    then() {},
  },

  'carries fields both ways': {
    before({ board }) {
      for (const name of ['One', 'Two', 'Three', 'Four']) board.addIssue({ title: name, labels: ['bug'] });
    },
    then({ notion, github, repo, page, issue }) {
      notion.editPage(page('One'), { Name: 'One in Notion', Labels: ['bug', 'docs'] });
      github.editIssue(repo, issue('Two'), { title: 'Two on GitHub', labels: ['late'] });
      github.label(repo, issue('Three'), ['urgent']);
      notion.editPage(page('Three'), { Name: 'Three in Notion', Labels: [], Status: 'In progress' });
      github.editIssue(repo, issue('Four'), { title: 'Four on GitHub' });
      notion.editPage(page('Four'), { Name: 'Four on GitHub', Labels: ['bug', 'docs'] });
    },
  },

  // Whatever became of the pass, what people set back afterward is set back on both sides.
  'people go back': {
    before({ board }) {
      for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) board.addIssue({ title: name, labels: ['bug'] });
    },
    then({ notion, github, repo, page, issue }) {
      github.editIssue(repo, issue('One'), { title: 'One more' });
      notion.editPage(page('Two'), { Name: 'Two more' });
      github.label(repo, issue('Three'), ['late']);
      github.unlabel(repo, issue('Three'), 'bug');
      notion.editPage(page('Four'), { Labels: ['late'] });
      github.close(repo, issue('Five'));
    },
    after({ notion, github, repo }) {
      const row = (number) => [...notion.pages.values()].find(({ id }) => notion.values(id)['GitHub ID'] === number).id;
      github.editIssue(repo, 1, { title: 'One' });
      notion.editPage(row(2), { Name: 'Two' });
      github.unlabel(repo, 3, 'late');
      github.label(repo, 3, ['bug']);
      notion.editPage(row(4), { Labels: ['bug'] });
      github.reopen(repo, 5);
    },
  },

  'people go back in every other field': {
    board: {
      properties: { Assignees: 'people', Milestone: { select: [] }, 'Issue Type': { select: [] }, Prio: { select: ['high', 'low'] }, Blocked: 'checkbox' },
      repo: { organization: true, collaborators: ['alice', 'bob'], milestones: ['v1', 'v2'], issueTypes: ['Bug', 'Feature'] },
    },
    inputs: {
      people_map: ['alice = paula@example.com'], mode: 'full',
      fields: ['Prio = label: prio/*', 'Blocked = label: blocked'], status_map: ['In progress = open + label: doing'],
    },
    passes: 2,
    before({ board, notion, github, repo }) {
      github.bumps.subIssue = true;
      notion.addProperty(board.dataSource, 'Parent', { relation: { data_source_id: board.dataSource } });
      for (const name of ['One', 'Two']) board.addIssue({ title: name, body: THREE, milestone: 1, type: 'Bug', labels: ['prio/high'] });
      for (const name of ['Three', 'Four']) board.addIssue({ title: name });
      github.addSubIssue(repo, 3, 1);
      github.addSubIssue(repo, 3, 2);
    },
    then({ notion, github, repo, page }) {
      github.editIssue(repo, 1, { body: `${THREE}\n\nFourth.`, milestone: 2, type: 'Feature', labels: ['prio/low', 'blocked', 'doing'] });
      github.assign(repo, 1, ['alice']);
      github.removeSubIssue(repo, 3, 1);
      github.addSubIssue(repo, 4, 1);
      notion.editContent(page('Two'), (text) => `${text}\n\nFourth.`);
      notion.editPage(page('Two'), { Assignees: ['Paula Person'], Milestone: 'v2', 'Issue Type': 'Feature', Parent: [page('Four')], Prio: 'low', Blocked: true, Status: 'In progress' });
    },
    after({ notion, github, repo, page }) {
      github.editIssue(repo, 1, { body: THREE, milestone: 1, type: 'Bug', labels: ['prio/high'] });
      github.unassign(repo, 1, ['alice']);
      github.removeSubIssue(repo, 4, 1);
      github.addSubIssue(repo, 3, 1);
      notion.editContent(page('Two'), () => THREE);
      notion.editPage(page('Two'), { Assignees: [], Milestone: 'v1', 'Issue Type': 'Bug', Parent: [page('Three')], Prio: 'high', Blocked: false, Status: 'Not started' });
    },
  },

  'carries lanes and columns of the team both ways': {
    board: { properties: { Prio: { select: ['high', 'low'] }, Blocked: 'checkbox' } },
    inputs: {
      fields: ['Prio = label: prio/*', 'Blocked = label: blocked'],
      status_map: ['In progress = open + label: doing', 'Review = open + label: in review'],
    },
    passes: 2,
    before({ board }) {
      for (const name of ['One', 'Two', 'Three']) board.addIssue({ title: name, labels: ['prio/high'] });
    },
    then({ notion, github, repo, page }) {
      github.editIssue(repo, 1, { labels: ['prio/low', 'blocked', 'doing'] });
      notion.editPage(page('Two'), { Prio: 'low', Blocked: true, Status: 'Review' });
      github.label(repo, 3, ['doing']);
      notion.editPage(page('Three'), { Prio: 'low' });
    },
  },

  // How often it was closed, and what was reported, depends on how far the pass came.
  'people go back in Notion to a status': {
    leaves: / comments |linkComment|stateReason/,
    before({ board }) {
      for (const name of ['One', 'Two']) board.addIssue({ title: name });
    },
    then({ notion, page }) {
      notion.editPage(page('One'), { Status: 'Done' });
      notion.editPage(page('Two'), { Status: 'Canceled' });
    },
    after({ notion, page }) {
      notion.editPage(page('One'), { Status: 'Not started' });
      notion.editPage(page('Two'), { Status: 'Not started' });
    },
  },

  'carries people, milestones, types and parents both ways': {
    board: {
      properties: { Assignees: 'people', Milestone: { select: [] }, 'Issue Type': { select: [] } },
      repo: { organization: true, collaborators: ['alice', 'bob'], milestones: ['v1', 'v2'], issueTypes: ['Bug', 'Feature'] },
    },
    inputs: { people_map: ['alice = paula@example.com'] },
    passes: 2,
    before({ board, notion, github, repo }) {
      github.bumps.subIssue = true;
      notion.addProperty(board.dataSource, 'Parent', { relation: { data_source_id: board.dataSource } });
      board.addIssue({ title: 'One', assignees: ['bob'], milestone: 1, type: 'Bug' });
      board.addIssue({ title: 'Two', assignees: ['alice'] });
      board.addIssue({ title: 'Three' });
      board.addIssue({ title: 'Five' });
      github.addSubIssue(repo, 1, 2);
    },
    then({ board, notion, github, repo, page, issue }) {
      notion.editPage(page('One'), { Assignees: ['Paula Person'], Milestone: 'v2', 'Issue Type': 'Feature', Parent: [page('Three')] });
      notion.editPage(page('Two'), { Assignees: [], Parent: [] });
      github.assign(repo, issue('Three'), ['alice', 'bob']);
      github.addSubIssue(repo, issue('Three'), issue('Five'));
      github.editIssue(repo, issue('Three'), { milestone: 1, type: 'Bug' });
      board.addPage({ Name: 'Four', Assignees: ['Paula Person'], Milestone: 'v1', Parent: [page('One')] });
    },
  },

  'carries texts both ways': {
    before({ board }) {
      for (const name of ['One', 'Two', 'Three', 'Four']) board.addIssue({ title: name, body: THREE });
    },
    then({ board, notion, github, repo, page, issue }) {
      github.editIssue(repo, issue('One'), { body: THREE.replace('First.', 'First, on GitHub.') });
      notion.editContent(page('Two'), (text) => `${text}\n\nFourth, in Notion.`);
      github.editIssue(repo, issue('Three'), { body: `Before all.\n\n${THREE}` });
      notion.editContent(page('Three'), (text) => text.replace('Third.', 'Third, in Notion.'));
      github.editIssue(repo, issue('Four'), { body: THREE.replace('Second.', 'Second, on GitHub.') });
      notion.editContent(page('Four'), (text) => text.replace('Second.', 'Second, in Notion.'));
      board.addIssue({ title: 'Five', body: THREE });
      board.addPage({ Name: 'Six' }, { markdown: THREE });
    },
  },

  'carries comments both ways': {
    inputs: { mode: 'full', sync_comments: 'both' },
    before({ board }) {
      for (const name of ['One', 'Two']) board.addIssue({ title: name });
    },
    then({ notion, github, repo, page, issue }) {
      github.comment(repo, issue('One'), 'Said on GitHub.');
      github.comment(repo, issue('One'), 'Said on GitHub, too.');
      notion.addComment(page('One'), 'Said in Notion.');
      notion.addComment(page('Two'), `Said in Notion at length: ${'more and '.repeat(200)}.`);
    },
  },

  'carries edits of comments, and comments that grow': {
    inputs: { mode: 'full', sync_comments: 'both' },
    passes: 2,
    before({ board, notion, github, repo, page }) {
      for (const name of ['One', 'Two']) board.addPage({ Name: name, Status: 'Not started', 'GitHub ID': board.addIssue({ title: name }).number });
      github.comment(repo, 1, 'Said on GitHub.');
      notion.addComment(page('Two'), 'Said in Notion.');
    },
    then({ notion, github, repo, page, issue }) {
      const [grows] = github.model.repo(repo).issues.get(issue('One')).comments;
      github.editComment(repo, grows.id, many('grown'));
      github.comment(repo, issue('One'), many('long'));
      github.comment(repo, issue('One'), 'Last.');
      const [mine] = notion.comments.keys();
      notion.editComment(mine, 'Said in Notion, and edited.');
      notion.addComment(page('Two'), 'Another.');
    },
  },

  'settles conflicts': {
    before({ board }) {
      for (const name of ['One', 'Two']) board.addIssue({ title: name, labels: ['bug'] });
    },
    then({ notion, github, repo, page, issue }) {
      github.editIssue(repo, issue('One'), { title: 'One on GitHub' });
      notion.editPage(page('One'), { Name: 'One in Notion', Labels: ['docs'] });
      github.close(repo, issue('Two'));
      github.editIssue(repo, issue('Two'), { title: 'Two on GitHub' });
      notion.editPage(page('Two'), { Name: 'Two in Notion' });
    },
  },

  'settles conflicts for Notion': {
    inputs: { on_conflict: 'notion' },
    before({ board }) {
      for (const name of ['One', 'Two']) board.addIssue({ title: name, labels: ['bug'] });
    },
    then({ notion, github, repo, page, issue }) {
      github.editIssue(repo, issue('One'), { title: 'One on GitHub' });
      notion.editPage(page('One'), { Name: 'One in Notion', Status: 'Done' });
      github.editIssue(repo, issue('Two'), { title: 'Two on GitHub', labels: ['late'] });
      notion.editPage(page('Two'), { Name: 'Two in Notion', Labels: ['bug', 'docs'] });
    },
  },

  'closes and reopens': {
    before({ board, github, repo }) {
      for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) board.addIssue({ title: name });
      board.addPage({ Name: 'Six', Status: 'Done' });
      board.addPage({ Name: 'Seven', Status: 'Done' });
      github.close(repo, 5);
      board.addPage({ Name: 'Five', Status: 'Done', 'GitHub ID': 5 });
    },
    then({ notion, github, repo, page, issue }) {
      notion.editPage(page('One'), { Status: 'Done' });
      notion.editPage(page('Two'), { Status: 'Canceled', Name: 'Two, dropped' });
      github.close(repo, issue('Three'), { reason: 'completed' });
      github.close(repo, issue('Four'), { reason: 'not_planned' });
      notion.editPage(page('Five'), { Status: 'Not started' });
      github.reopen(repo, issue('Six'));
      notion.editPage(page('Seven'), { Status: 'Review' });
    },
  },

  'merges, and is refused': {
    before({ board, github }) {
      // A state that GitHub is yet to work out would be another one in the next pass.
      github.quirks.mergeabilityReads = 0;
      for (const name of ['One', 'Two', 'Three']) {
        const pull = board.addPull({ title: name, head: name.toLowerCase() });
        board.addPage({ Name: name, Status: 'In progress', 'GitHub ID': pull.number });
      }
    },
    then({ notion, github, repo, page, issue }) {
      notion.editPage(page('One'), { Status: 'Done' });
      github.draft(repo, issue('Two'));
      notion.editPage(page('Two'), { Status: 'Done', Name: 'Two is done' });
      github.merge(repo, issue('Three'));
    },
  },

  'closes pull requests': {
    inputs: { pull_request_done: 'close' },
    before({ board }) {
      for (const name of ['One', 'Two']) {
        const pull = board.addPull({ title: name, head: name.toLowerCase() });
        board.addPage({ Name: name, Status: 'In progress', 'GitHub ID': pull.number });
      }
    },
    then({ notion, github, repo, page, issue }) {
      notion.editPage(page('One'), { Status: 'Canceled' });
      github.close(repo, issue('Two'));
    },
  },

  'ends links': {
    inputs: { mode: 'full' },
    before({ board }) {
      for (const name of ['One', 'Two', 'Three', 'Four', 'Free']) board.addIssue({ title: name });
    },
    then({ notion, github, repo, page, issue }) {
      notion.trashPage(page('One'));
      github.deleteIssue(repo, issue('Two'));
      notion.editPage(page('Three'), { 'GitHub ID': null });
      notion.editPage(page('Four'), { 'GitHub ID': 99 });
    },
  },

  'deletes on the other side': {
    inputs: { mode: 'full', on_page_deleted: 'close', on_issue_deleted: 'trash' },
    before({ board }) {
      for (const name of ['One', 'Two', 'Three', 'Four']) board.addIssue({ title: name });
    },
    then({ notion, github, repo, page, issue, elsewhere }) {
      notion.trashPage(page('One'));
      github.deleteIssue(repo, issue('Two'));
      notion.movePage(page('Three'), notion.addPage(null, { title: 'Elsewhere' }));
      github.transferIssue(repo, issue('Four'), elsewhere);
    },
  },

  'moves a number to another page': {
    inputs: { create_pages: 'none' },
    before({ board }) {
      for (const name of ['One', 'Two']) {
        const issue = board.addIssue({ title: name });
        board.addPage({ Name: name, Status: 'Not started', 'GitHub ID': issue.number });
      }
      board.addIssue({ title: 'Free' });
    },
    then({ board, notion, page, issue }) {
      const number = issue('One');
      notion.editPage(page('One'), { 'GitHub ID': null, Name: 'One of old' });
      board.addPage({ Name: 'One', Status: 'Not started', 'GitHub ID': number });
      notion.editPage(page('Two'), { 'GitHub ID': issue('Free') });
    },
  },

  'pull requests move tasks': {
    ...MOVING,
    then({ notion, github, repo, page }) {
      movePulls(github, repo);
      notion.editPage(page('Six'), { Status: 'Review' });
      github.draft(repo, 12, false);
    },
  },

  // Whatever became of the pass, a card that a person drags afterward stays there.
  'people drag what pull requests moved': {
    ...MOVING,
    board: { properties: { ID: { unique_id: { prefix: 'TASK' } } } },
    then({ github, repo }) {
      movePulls(github, repo);
    },
    after({ notion, page }) {
      notion.editPage(page('One'), { Status: 'Not started' });
      notion.editPage(page('Two'), { Status: 'Review' });
      notion.editPage(page('Four'), { Status: 'Not started' });
      notion.editPage(page('Alone'), { Status: 'Not started' });
    },
  },

};

// What Notion's queries show is as old as has been observed; only creates and numbers lean on them.
for (const name of ['creates both ways', 'adopts what people linked', 'carries fields both ways', 'closes and reopens']) {
  SCRIPTS[`${name}, queries lag`] = { ...SCRIPTS[name], lag: 45000 };
}
