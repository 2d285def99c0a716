// Regions that follow what changes elsewhere. The socket says only that something did; what it is now is fetched with the page itself.
// What somebody is typing in, has opened, ticked or marked stays as it is until they ask for the news.
// The page of a refused form, which an upload may put in place of another, follows nothing.
const regions = () => document.body.dataset.follow ? [...document.querySelectorAll("[data-live]")] : [];
const topicsOf = (region) => region.dataset.live.split(" ").filter(Boolean);
const allTopics = () => [...new Set(regions().flatMap(topicsOf))];

let socket = null;
let failures = 0;
let retry = null;
let poll = null;
let wasOpen = false;
let stale = new Set();
let due = null;
let fetchedAt = 0;
let fetching = false;
let misses = 0;
// What the socket was asked to watch, and for which page.
let watched = new Set();
let page = null;
let again = null;
let busy = 0;

// MARK: What is there now

const isField = (element) => element?.matches("input:not([type=hidden]), textarea, select, [contenteditable]");

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  return "defaultValue" in field && field.value !== field.defaultValue;
}

function isInUse(region) {
  const selection = getSelection();
  return (isField(document.activeElement) && region.contains(document.activeElement))
    || [...region.querySelectorAll("input:not([type=hidden]), textarea, select")].some(isChanged)
    || region.querySelector("details[open]:not([data-open]), dialog[open], :popover-open, [aria-busy=true], [aria-expanded=true]") !== null
    || region.querySelector(":active") !== null
    || (selection && !selection.isCollapsed && selection.containsNode(region, true));
}

// Tokens of forms are others in every rendering.
function plain(region) {
  const copy = region.cloneNode(true);
  copy.querySelectorAll("input[name=csrf_token], input[name=form_key]").forEach((input) => input.setAttribute("value", ""));
  return copy.innerHTML;
}

function put(region, fresh) {
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.getAttribute("href") && `a[href="${CSS.escape(focused.getAttribute("href"))}"]`);
  const { scrollLeft, scrollTop } = region;
  region.replaceWith(fresh);
  fresh.scrollTo(scrollLeft, scrollTop);
  if (mark) fresh.parentNode?.querySelector(mark)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("portico:page"));
}

const noticeOf = (region) => region.previousElementSibling?.matches(".live-news") ? region.previousElementSibling : null;

function offer(region, fresh) {
  noticeOf(region)?.remove();
  const notice = document.createElement("p");
  const button = document.createElement("button");
  notice.className = "live-news";
  notice.setAttribute("role", "status");
  button.type = "button";
  button.className = "button small";
  button.textContent = document.body.dataset.show;
  button.addEventListener("click", () => {
    notice.remove();
    put(region, fresh);
    fresh.tabIndex = -1;
    fresh.focus();
  });
  notice.append(`${document.body.dataset.updated} `, button);
  region.before(notice);
}

function follow(news, changed) {
  for (const region of regions()) {
    if (!topicsOf(region).some((topic) => changed.has(topic))) continue;
    const found = news.getElementById(region.id);
    if (!found) continue;
    const fresh = document.adoptNode(found);
    if (plain(fresh) === plain(region)) { noticeOf(region)?.remove(); continue; }
    if (isInUse(region)) { offer(region, fresh); continue; }
    noticeOf(region)?.remove();
    put(region, fresh);
  }
}

async function refresh() {
  due = null;
  if (document.hidden || fetching || !stale.size || !regions().length) return;
  const changed = stale;
  const { body } = document;
  let isOut = false;
  stale = new Set();
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Portico-Live": "1" }, redirect: "manual" });
    isOut = answer.type === "opaqueredirect";
    const text = await answer.text();
    if (isOut || answer.status === 429 || answer.status >= 500 || body !== document.body) throw new Error("another time");
    if (answer.ok) follow(new DOMParser().parseFromString(text, "text/html"), changed);
    misses = 0;
  } catch {
    // No connection, too much to do, another page by now, or no session any more.
    changed.forEach((topic) => stale.add(topic));
    misses += 1;
  }
  fetching = false;
  fetchedAt = performance.now();
  // Not asked again until there is a socket or news: a page that somebody has signed out of must not ask for ever.
  if (stale.size && !isOut) soon();
}

// At most once a second, so that a busy house does not keep a browser fetching, and ever more rarely while nobody answers; the first news
// are shown at once.
function soon() {
  const pause = Math.min(30000, 1000 * 2 ** misses);
  due ??= setTimeout(refresh, Math.max(30, fetchedAt ? fetchedAt + pause - performance.now() : 0));
}

function note(topics) {
  topics.forEach((topic) => stale.add(topic));
  if (!document.hidden) soon();
}

// MARK: The socket

// Another page may stand here by now, or a region that follows something else. News count from the time on when the page was made.
function watch(since = Number(document.body.dataset.at)) {
  clearTimeout(again);
  again = null;
  const topics = allTopics();
  const isOther = page !== document.body;
  const gone = [...watched].filter((topic) => isOther || !topics.includes(topic));
  const fresh = topics.filter((topic) => isOther || !watched.has(topic));
  if (gone.length) send({ type: "unsubscribe", topics: gone });
  if (fresh.length) send({ type: "subscribe", topics: fresh, since });
  watched = new Set(topics);
  page = document.body;
}

function hear({ data }) {
  let news;
  try { news = JSON.parse(data); } catch { return; }
  if (news.type === "welcome") {
    // What changed while the page was on its way counts. After a break, everything may have; what waits for another time is asked now.
    watched = new Set();
    watch(wasOpen ? null : undefined);
    failures = misses = busy = 0;
    clearTimeout(due);
    due = null;
    note(wasOpen ? allTopics() : []);
    wasOpen = true;
    clearInterval(poll);
    poll = null;
    document.documentElement.dataset.live = "on";
  } else if (news.type === "changed") {
    note(news.topics);
  } else if (news.type === "resync") {
    note(allTopics());
  } else if (news.type === "refused" && news.code === "busy") {
    // All of them are refused at once, and asked for once.
    watched.delete(news.topic);
    again ??= setTimeout(watch, 500 + Math.random() * Math.min(30000, 500 * 2 ** (busy += 1)));
  }
  document.dispatchEvent(new CustomEvent("portico:news", { detail: news }));
}

function connect() {
  retry = null;
  if (socket || !allTopics().length) return;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`);
  socket.addEventListener("message", hear);
  socket.addEventListener("close", ({ code }) => {
    socket = null;
    delete document.documentElement.dataset.live;
    if (code === 4401) return;
    failures += 1;
    // Many lose their socket at once when a server restarts; they do not all come back at once.
    const wait = Math.random() * Math.min(30000, 500 * 2 ** failures);
    retry ??= setTimeout(connect, code === 1008 ? 30000 : wait);
    // Where no socket comes through, the page asks by itself.
    if (failures > 1) poll ??= setInterval(() => note(allTopics()), 5000);
  });
}

const send = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

// Other modules say something of the moment through here, without knowing the socket: `{type: "typing_start", …}`.
document.addEventListener("portico:say", ({ detail }) => send(detail));

document.addEventListener("portico:page", () => {
  if (document.documentElement.dataset.live) watch(); else if (!retry) connect();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (!socket) note(allTopics());
  if (stale.size) soon();
});
addEventListener("pagehide", () => {
  clearTimeout(retry);
  retry = null;
  clearInterval(poll);
  poll = null;
  socket?.close();
});
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  note(allTopics());
  socket = null;
  connect();
});
connect();
