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
let heardAt = 0;
// Longer than the server is ever silent: it speaks every 30 seconds.
const silence = 75000;

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

// What the keyboard is at, found again among what takes its place: by its id, or as the same one of those that are alike.
const alike = (root, one) => [...root.querySelectorAll("a[href], button, summary, [tabindex]")].filter((other) =>
  other.tagName === one.tagName && other.getAttribute("href") === one.getAttribute("href") && other.textContent === one.textContent);

// The region itself stays, so that a screen reader goes on listening to it.
function put(region, fresh) {
  const focused = region.contains(document.activeElement) && document.activeElement !== region ? document.activeElement : null;
  const place = focused ? alike(region, focused).indexOf(focused) : -1;
  const { scrollLeft, scrollTop, scrollHeight } = region;
  for (const { name, value } of fresh.attributes) region.setAttribute(name, value);
  region.replaceChildren(...fresh.childNodes);
  // Who has scrolled up in a list that begins at its end is as far from its beginning as before.
  region.scrollTo(scrollLeft, scrollTop < 0 ? scrollTop - (region.scrollHeight - scrollHeight) : scrollTop);
  const found = focused && (focused.id ? document.getElementById(focused.id) : alike(region, focused)[place]);
  found?.focus({ preventScroll: true });
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
    region.tabIndex = -1;
    region.focus();
  });
  notice.append(`${document.body.dataset.updated} `, button);
  region.before(notice);
}

function follow(news, changed) {
  for (const region of regions()) {
    if (!topicsOf(region).some((topic) => changed.has(topic))) continue;
    const found = news.getElementById(region.id);
    // What the page has no more goes from here, too; another page in its place says nothing about it.
    if (!found && !news.body.dataset.follow) continue;
    const fresh = document.adoptNode(found ?? region.cloneNode(false));
    if (plain(fresh) === plain(region)) { noticeOf(region)?.remove(); continue; }
    if (isInUse(region)) { offer(region, fresh); continue; }
    noticeOf(region)?.remove();
    put(region, fresh);
  }
}

// The page is not there any more, or not for whoever looks at it: the browser asks for it anew, unless something was typed into it.
function leave() {
  clearTimeout(retry);
  clearInterval(poll);
  retry = poll = null;
  if (![...document.querySelectorAll("main input:not([type=hidden]), main textarea, main select")].some(isChanged)) location.reload();
}

async function refresh() {
  due = null;
  if (document.hidden || fetching || !stale.size || !regions().length) return;
  const changed = stale;
  const { body } = document;
  let isOver = false;
  stale = new Set();
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Portico-Live": "1" }, redirect: "manual", signal: AbortSignal.timeout(30000) });
    isOver = answer.type === "opaqueredirect" || [403, 404, 410].includes(answer.status);
    const text = await answer.text();
    if (isOver || answer.status === 429 || answer.status >= 500 || body !== document.body) throw new Error("another time");
    if (answer.ok) follow(new DOMParser().parseFromString(text, "text/html"), changed);
    misses = 0;
    // Signed in anew meanwhile, in another window.
    if (!socket && !retry) connect();
  } catch {
    // No connection, too much to do, another page by now, or nobody who may see it.
    changed.forEach((topic) => stale.add(topic));
    misses += 1;
  }
  fetching = false;
  fetchedAt = performance.now();
  // A page that somebody has signed out of must not ask for ever.
  if (isOver) leave(); else if (stale.size) soon();
}

// At most once a second, so that a busy house does not keep a browser fetching, and ever more rarely while nobody answers; the first news
// are shown at once.
function soon() {
  const pause = Math.min(30000, 1000 * 2 ** misses * (misses ? 1 + Math.random() : 1));
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
  heardAt = Date.now();
  let news;
  try { news = JSON.parse(data); } catch { return; }
  if (news.type === "welcome") {
    // What changed while the page was on its way counts. After a break, everything may have; what waits for another time is asked now.
    watched = new Set();
    watch();
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
  } else if (news.type === "ended") {
    note([news.topic]);
  } else if (news.type === "resync") {
    // All pages hear it at once; they do not all ask at once.
    setTimeout(() => note(allTopics()), Math.random() * 5000);
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
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`);
  socket = mine;
  heardAt = Date.now();
  mine.addEventListener("message", (message) => { if (socket === mine) hear(message); });
  mine.addEventListener("close", ({ code }) => {
    if (socket !== mine) return;
    socket = null;
    delete document.documentElement.dataset.live;
    // The session that it was opened with is over. Whether there is another one the page says.
    if (code === 4401) return note(allTopics());
    failures += 1;
    // Many lose their socket at once when a server restarts; they do not all come back at once.
    const wait = Math.random() * Math.min(30000, 500 * 2 ** failures);
    retry ??= setTimeout(connect, code === 1008 ? 30000 : wait);
    // Where no socket comes through, the page asks by itself.
    if (failures > 1) poll ??= setInterval(() => note(allTopics()), 5000);
  });
}

// After a sleep, or in another network, a socket may look open through which nothing comes any more.
function lookAtSocket() {
  if (!socket || Date.now() - heardAt < silence) return;
  socket.close();
  socket = null;
  delete document.documentElement.dataset.live;
  if (!retry) connect();
}
setInterval(lookAtSocket, 20000);
addEventListener("online", lookAtSocket);

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
  lookAtSocket();
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
