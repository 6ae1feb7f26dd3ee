// A Notion Worker that takes Notion's webhooks and starts the notion-sync workflow: see docs/near-real-time.md.
// It reads no page: it passes on which pages changed, and the run looks for itself.

import { createHmac, timingSafeEqual } from "node:crypto";

import { WebhookVerificationError, Worker, type WebhookEvent } from "@notionhq/workers";

const BODY_MAX = 1024 * 1024;
const PAGES_MAX = 1000;
// The longest that GitHub may ask to wait before the second and last try, and how long one try may take.
const WAIT_MAX = 5000;
const TRY_TIME = 10000;

// The events that lead to a run. Locking a page changes nothing that is compared.
const HEEDED = new RegExp(
  "^(?:page\\.(?:created|properties_updated|content_updated|moved|deleted|undeleted)" +
    "|(?:data_source|database)\\.(?:created|content_updated|schema_updated|moved|deleted|undeleted)" +
    "|comment\\.(?:created|updated|deleted))$",
);

type Json = Record<string, unknown>;
type Sent = { headers: Record<string, string>; rawBody: string };

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
const setting = (name: string): string => (process.env[name] ?? "").trim();

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function same(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

// Signed by the integration's webhook, or with the header that the Send webhook action was given.
function isGenuine({ headers, rawBody }: Sent): boolean {
  const [secret, action] = [setting("WEBHOOK_SECRET"), setting("ACTION_SECRET")];
  if (secret !== "" && same(headers["x-notion-signature"], `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`)) return true;
  return action !== "" && same(headers["x-notion-sync-secret"], action);
}

// The token that Notion's form asks for. It proves nothing, so it is read only while no secret is set.
function handshakeToken({ rawBody }: Sent): string | undefined {
  if (setting("WEBHOOK_SECRET") !== "" || rawBody.length > 1024) return undefined;
  const token = parse(rawBody)["verification_token"];
  return typeof token === "string" && /^secret_[A-Za-z0-9_-]{32,128}$/.test(token) ? token : undefined;
}

function pageId(value: unknown): string[] {
  const digits = typeof value === "string" ? value.replace(/-/g, "").toLowerCase() : "";
  return /^[0-9a-f]{32}$/.test(digits) ? [digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")] : [];
}

// The pages that an event names (none: something else changed, and the run finds out what); undefined: no reason for a run.
function pagesOf(body: Json): string[] | undefined {
  const [entity, data, bot] = [body["entity"], body["data"], pageId(setting("BOT_ID"))[0]];
  const isBot = (user: unknown): boolean => bot !== undefined && pageId(member(user, "id"))[0] === bot;
  if (isObject(body["source"])) return isBot(member(data, "last_edited_by")) ? undefined : pageId(member(data, "id"));
  const { type, authors } = body;
  if (typeof type !== "string" || !HEEDED.test(type)) return undefined;
  if (Array.isArray(authors) && authors.length > 0 && authors.every(isBot)) return undefined;
  if (member(entity, "type") === "page") return pageId(member(entity, "id"));
  return type.startsWith("comment.") ? pageId(member(data, "page_id")) : [];
}

// What to do about an answer of GitHub's; its own words may be anybody's and are not repeated.
function cure(status: number): string {
  if (status === 401) return "GITHUB_TOKEN is not valid any more: make a new one";
  if (status === 403 || status === 404) return "does GITHUB_REPOSITORY exist, and may the token write contents there?";
  return "the next event or the schedule tries again";
}

async function dispatch(pages: string[]): Promise<void> {
  const [repository, token] = [setting("GITHUB_REPOSITORY"), setting("GITHUB_TOKEN")];
  const api = new URL(setting("GITHUB_API_URL") || "https://api.github.com");
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) throw new Error("GITHUB_REPOSITORY: owner/name is needed");
  if (!/^[!-~]+$/.test(token)) throw new Error("GITHUB_TOKEN: a token that may write contents is needed");
  if (api.protocol !== "https:" && api.hostname !== "127.0.0.1") throw new Error("GITHUB_API_URL: https is needed");
  const send = (): Promise<Response> =>
    fetch(`${api.href.replace(/\/+$/, "")}/repos/${repository}/dispatches`, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(TRY_TIME),
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/vnd.github+json",
        "Content-Type": "application/json",
        "User-Agent": "notion-sync-worker",
        "X-GitHub-Api-Version": "2022-11-28",
      },
      body: JSON.stringify({ event_type: "notion-sync", client_payload: { pages } }),
    });
  let answer = await send();
  const wait = Number(answer.headers.get("retry-after") ?? "NaN") * 1000;
  if ([403, 429, 503].includes(answer.status) && wait <= WAIT_MAX) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    answer = await send();
  }
  if (!answer.ok) throw new Error(`GitHub answered ${answer.status}: ${cure(answer.status)}`);
  console.log(`dispatched to ${repository}: ${pages.length} pages`);
}

async function execute(events: WebhookEvent[]): Promise<void> {
  const pages = new Set<string>();
  let changed = false;
  for (const event of events) {
    const token = handshakeToken(event);
    if (token !== undefined) {
      console.log(`verification token: ${token} (paste it into Notion's form, then set WEBHOOK_SECRET to it)`);
      continue;
    }
    // `verify` has looked already; a platform that skips it must not open the door.
    if (!isGenuine(event)) throw new WebhookVerificationError();
    const found = pagesOf(parse(event.rawBody));
    changed ||= found !== undefined;
    for (const page of found ?? []) if (pages.size < PAGES_MAX) pages.add(page);
  }
  if (changed) await dispatch([...pages]);
}

const worker = new Worker();
export default worker;

worker.webhook("notionChange", {
  title: "Notion changed",
  description: "Starts the notion-sync workflow for the pages that changed",
  verify: (request) => {
    if (request.method !== "POST") return { status: 405 };
    if (request.rawBody.length > BODY_MAX) return { status: 413 };
    return { status: handshakeToken(request) !== undefined || isGenuine(request) ? 200 : 401 };
  },
  execute,
});
