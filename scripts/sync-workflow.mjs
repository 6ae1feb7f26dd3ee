#!/usr/bin/env node
// Prints .github/workflows/sync.yml: the action as a reusable workflow, whose inputs are those of
// action.yml. Usage: scripts/sync-workflow.mjs >.github/workflows/sync.yml
import { readFileSync } from 'node:fs';

const action = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
const names = [...action.matchAll(/^ {2}([a-z_]+):$/gm)].map(([, name]) => name);
const inputs = names.slice(0, names.indexOf('issues_created'));
const direct = ['notion_database', 'repository', 'mode', 'dry_run', 'check'];
const secret = ['notion_token', 'github_token'];
const rest = inputs.filter((name) => !direct.includes(name) && !secret.includes(name));

process.stdout.write(`# The action as a reusable workflow: made by scripts/sync-workflow.mjs from action.yml.
#
#   jobs:
#     sync:
#       uses: org/notion-sync-action/.github/workflows/sync.yml@v1
#       permissions: { contents: write, issues: write, pull-requests: write, checks: read, statuses: read }
#       with:
#         notion_database: \${{ vars.NOTION_DATABASE }}
#         settings: '{"sync_comments": "to_notion"}'     # every other input of the action
#       secrets:
#         notion_token: \${{ secrets.NOTION_TOKEN }}
#
# The workflow's own token reaches one repository. For another one, name a GitHub App that is
# installed there.
name: Sync

on:
  workflow_call:
    inputs:
      notion_database: { type: string, required: true, description: id or URL of the database }
      repository: { type: string, default: '', description: 'owner/name; empty: the repository of the workflow' }
      mode: { type: string, default: '', description: auto or full }
      dry_run: { type: boolean, default: false, description: plan and report only }
      check: { type: boolean, default: false, description: check the setup only }
      settings: { type: string, default: '{}', description: 'the other inputs of the action, as a JSON object of strings' }
      app_client_id: { type: string, default: '', description: 'client ID of a GitHub App to write as; empty: the token of the workflow' }
    secrets:
      notion_token: { required: true }
      github_token: { required: false }
      app_private_key: { required: false }
    outputs:
      changed: { value: '\${{ jobs.sync.outputs.changed }}', description: whether the run changed anything }
      failures: { value: '\${{ jobs.sync.outputs.failures }}', description: how many records failed }
      remaining: { value: '\${{ jobs.sync.outputs.remaining }}', description: how many are left for the next run }

permissions: {}

jobs:
  sync:
    runs-on: ubuntu-latest
    permissions:
      checks: read
      contents: write
      issues: write
      pull-requests: write
      statuses: read
    concurrency:
      group: notion-sync-\${{ inputs.repository || github.repository }}-\${{ inputs.notion_database }}
    outputs:
      changed: \${{ steps.sync.outputs.changed }}
      failures: \${{ steps.sync.outputs.failures }}
      remaining: \${{ steps.sync.outputs.remaining }}
    steps:
      - id: target
        env:
          REPOSITORY: \${{ inputs.repository || github.repository }}
        run: |
          echo "owner=\${REPOSITORY%%/*}" >>"$GITHUB_OUTPUT"
          echo "name=\${REPOSITORY#*/}" >>"$GITHUB_OUTPUT"
      - id: app
        if: inputs.app_client_id != ''
        uses: actions/create-github-app-token@v3
        with:
          client-id: \${{ inputs.app_client_id }}
          private-key: \${{ secrets.app_private_key }}
          owner: \${{ steps.target.outputs.owner }}
          repositories: \${{ steps.target.outputs.name }}
      - id: sync
        uses: org/notion-sync-action@v1
        with:
          notion_token: \${{ secrets.notion_token }}
          github_token: \${{ steps.app.outputs.token || secrets.github_token || github.token }}
          notion_database: \${{ inputs.notion_database }}
          repository: \${{ inputs.repository }}
          mode: \${{ inputs.mode }}
          dry_run: \${{ inputs.dry_run }}
          check: \${{ inputs.check }}
${rest.map((name) => `          ${name}: \${{ fromJSON(inputs.settings).${name} }}\n`).join('')}`);
